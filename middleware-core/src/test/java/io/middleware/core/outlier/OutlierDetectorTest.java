package io.middleware.core.outlier;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.Counts;
import io.middleware.core.Outcome;
import io.middleware.core.Settings;
import io.middleware.core.Timers;
import io.middleware.core.directory.InstanceChange;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.fixture.Script;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Registration;
import io.middleware.core.instance.RegistryStatus;
import io.middleware.core.instance.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutlierDetectorTest {
    private static final Outcome BROKEN = Outcome.broken(Code.UNAVAILABLE, "connection reset");
    private static final Outcome REFUSED = Outcome.unreachable("connection refused");
    private static final Outcome OK = Outcome.answered(Code.OK);

    private final CoreFixture core = CoreFixture.serving("p1", "p2");
    private final Instance p1 = core.instance("p1");

    @Test
    void refusedConnection_ejectsAtOnce() {
        attempted(1, REFUSED);
        assertThat(p1.ejected()).isTrue();
        assertThat(p1.ejectedBecause()).isEqualTo("connection refused");
        assertThat(core.best()).containsExactly("p2");
    }

    @Test
    void halfOfFiveFailing_ejects() {
        attempted(2, OK);
        attempted(2, BROKEN);
        assertThat(p1.ejected()).as("after four").isFalse();
        attempted(1, BROKEN);
        assertThat(p1.ejected()).as("after five").isTrue();
        assertThat(p1.ejectedBecause()).isEqualTo("half of its last answers failed, the last one: connection reset");
    }

    @Test
    void fourFailing_areTooFew() {
        attempted(4, BROKEN);
        assertThat(p1.ejected()).isFalse();
    }

    @Test
    void lessThanHalfFailing_doesNotEject() {
        attempted(6, OK);
        attempted(5, BROKEN);
        assertThat(p1.ejected()).isFalse();
        attempted(1, BROKEN);
        assertThat(p1.ejected()).isTrue();
    }

    @Test
    void onlyTheLast20Count() {
        attempted(100, OK);
        attempted(9, BROKEN);
        assertThat(p1.ejected()).isFalse();
        attempted(1, BROKEN);
        assertThat(p1.ejected()).isTrue();
    }

    @Test
    void serversOwnUnavailable_isEvidence() {
        attempted(5, Outcome.answered(Code.UNAVAILABLE));
        assertThat(p1.ejectedBecause())
                .isEqualTo("half of its last answers failed, the last one: answered UNAVAILABLE");
    }

    @ParameterizedTest
    @EnumSource(value = Code.class, mode = EnumSource.Mode.EXCLUDE, names = "UNAVAILABLE")
    void anyOtherResponse_isNoEvidenceAgainstIt(Code code) {
        attempted(100, Outcome.answered(code));
        assertThat(p1.ejected()).isFalse();
    }

    @Test
    void slowOrCancelledOrDraining_isNoEvidenceEitherWay() {
        attempted(2, BROKEN);
        attempted(50, Outcome.expired());
        attempted(50, Outcome.cancelled());
        attempted(50, Outcome.unsent("goes away"));
        attempted(50, Outcome.answered(Code.RESOURCE_EXHAUSTED));
        assertThat(p1.ejected()).isFalse();
        attempted(3, BROKEN);
        assertThat(p1.ejected()).as("the two of the beginning still count").isTrue();
    }

    @Test
    void probe_comesAfterTheFirstDelay_andLetsItBack() {
        attempted(1, REFUSED);
        core.time.advance(Duration.ofMillis(99));
        assertThat(core.transport.probes).isEmpty();
        core.time.advance(Duration.ofMillis(1));
        assertThat(core.transport.probes).containsExactly("p1");
        assertThat(p1.ejected()).isFalse();
        assertThat(core.best()).containsExactly("p1", "p2");
        core.time.advance(Duration.ofMinutes(1));
        assertThat(core.transport.probes)
                .as("no probe of an instance that is in")
                .hasSize(1);
    }

    @Test
    void serverThatMayBeAnother_isDescribedBeforeItIsBack() {
        List<Runnable> described = new ArrayList<>();
        core.outliers.describeWith((instance, done) -> described.add(done));
        p1.version().renewed();
        attempted(1, REFUSED);
        core.time.advance(Duration.ofMillis(150));
        assertThat(core.transport.probes).containsExactly("p1");
        assertThat(p1.ejected()).as("until it is described").isTrue();
        p1.version().described(p1.version().renewals());
        described.getFirst().run();
        assertThat(p1.ejected()).isFalse();
        core.time.advance(Duration.ofMinutes(1));
        assertThat(described).hasSize(1);
        assertThat(core.transport.probes).hasSize(1);
    }

    @Test
    void serverThatDoesNotDescribeItself_isBackAfterASecond() {
        core.outliers.describeWith((instance, done) -> {});
        p1.version().renewed();
        attempted(1, REFUSED);
        core.time.advance(Duration.ofMillis(100 + Probes.DESCRIPTION_MILLIS - 1));
        assertThat(p1.ejected()).isTrue();
        core.time.advance(Duration.ofMillis(1));
        assertThat(p1.ejected()).isFalse();
    }

    @Test
    void descriptionAfterTheInstanceIsOutAgain_doesNotLetItBack() {
        List<Runnable> described = new ArrayList<>();
        core.outliers.describeWith((instance, done) -> described.add(done));
        p1.version().renewed();
        attempted(1, REFUSED);
        core.time.advance(Duration.ofMillis(100 + Probes.DESCRIPTION_MILLIS));
        attempted(1, REFUSED);
        described.getFirst().run();
        assertThat(p1.ejected()).isTrue();
    }

    @Test
    void letBackAfterARefusal_startsWithACleanRecord() {
        attempted(4, BROKEN);
        attempted(1, REFUSED);
        core.time.advance(Duration.ofMillis(100));
        assertThat(p1.ejected()).isFalse();
        attempted(4, BROKEN);
        assertThat(p1.ejected()).isFalse();
        attempted(1, BROKEN);
        assertThat(p1.ejected()).isTrue();
    }

    @Test
    void letBackAfterFailures_isEjectedAgainByTheFirst() {
        letBackAfterFailures();
        attempted(1, BROKEN);
        assertThat(p1.ejected()).isTrue();
        assertThat(p1.ejectedBecause()).isEqualTo("it failed again when it was back: connection reset");
    }

    @Test
    void letBackAfterFailures_startsWithACleanRecord_onceACallWentWell() {
        letBackAfterFailures();
        attempted(1, OK);
        attempted(3, BROKEN);
        assertThat(p1.ejected()).isFalse();
        attempted(1, BROKEN);
        assertThat(p1.ejected()).isTrue();
    }

    @Test
    void letBackAfterFailures_isTriedByIdempotentCalls_andThenByAll() {
        letBackAfterFailures();
        core.call(CoreFixture.SIGN);
        assertThat(core.transport.tried()).containsExactly("p2");
        core.call(CoreFixture.SAY_HELLO);
        core.call(CoreFixture.SIGN);
        assertThat(core.transport.tried()).containsExactly("p2", "p1", "p1");
    }

    @Test
    void letBackAfterFailures_whereNothingIsIdempotent_isTriedAfterASecond() {
        letBackAfterFailures();
        core.time.advance(Duration.ofMillis(999));
        core.call(CoreFixture.SIGN);
        assertThat(core.transport.tried()).containsExactly("p2");
        core.time.advance(Duration.ofMillis(1));
        core.transport.next("p1", Script.answers(Code.UNAVAILABLE));
        core.call(CoreFixture.SIGN);
        assertThat(core.transport.tried()).containsExactly("p2", "p1");
        assertThat(p1.ejected()).isTrue();
    }

    @Test
    void letBackAfterFailures_andAlone_isTriedAtOnce() {
        core.outliers.attempted(core.instance("p2"), REFUSED);
        core.transport.probeFinds("p2", "connection refused");
        letBackAfterFailures();
        core.call(CoreFixture.SIGN);
        assertThat(core.transport.tried()).containsExactly("p1");
    }

    @Test
    void noConnectionInTime_isSilenceLikeThatOfAPing() {
        core.transport.probeTimesOut("p1");
        attempted(1, Outcome.silent("no connection within 250 ms"));
        assertThat(core.transport.retired).containsExactly("p1");
        core.time.advance(Duration.ofMillis(999));
        assertThat(p1.lost()).isFalse();
        core.time.advance(Duration.ofMillis(500));
        assertThat(p1.lost())
                .as("a second after it was first silent, at the next probe")
                .isTrue();
    }

    @Test
    void refusalsOfAnInstanceThatIsOut_retireNothingMore() {
        attempted(10, REFUSED);
        assertThat(core.transport.retired).containsExactly("p1");
    }

    @Test
    void streamsThatLastForMinutes_areNoEvidence() {
        for (int i = 0; i < 20; i++) {
            CoreFixture.Asked chat = core.ask(CoreFixture.CHAT);
            chat.send("Hello", true);
            core.transport.attempts.getLast().headers();
            core.time.advance(Duration.ofMinutes(2));
            core.transport.attempts.getLast().trailers(Code.OK);
        }
        assertThat(p1.ejected()).isFalse();
    }

    @Test
    void delay_doublesWhileProbesFail_upToTheLongest() {
        core.transport.probeFinds("p1", "connection refused");
        long start = core.time.nanos();
        attempted(1, REFUSED);
        assertThat(probeTimes(10, start))
                .containsExactly(100L, 300L, 700L, 1_500L, 3_100L, 6_300L, 11_300L, 16_300L, 21_300L, 26_300L);
        assertThat(p1.ejected()).isTrue();
    }

    @Test
    void failedProbe_isTheReasonFromThenOn() {
        core.transport.probeFinds("p1", "no answer to a ping in 100 ms");
        attempted(1, REFUSED);
        core.time.advance(Duration.ofMillis(100));
        assertThat(p1.ejectedBecause()).isEqualTo("no answer to a ping in 100 ms");
    }

    @Test
    void ejectedAgainSoon_startsWithTwiceTheDelay() {
        attempted(1, REFUSED);
        core.time.advance(Duration.ofMillis(100));
        core.time.advance(Duration.ofMillis(999));
        long start = core.time.nanos();
        attempted(1, REFUSED);
        assertThat(probeTimes(2, start)).containsExactly(200L);
    }

    @Test
    void ejectedAgainSoonAndOften_waitsTheLongestAtMost() {
        for (int i = 0; i < 20; i++) {
            attempted(1, REFUSED);
            core.time.advance(Duration.ofSeconds(5));
            assertThat(p1.ejected()).as("after ejection %d", i + 1).isFalse();
        }
    }

    @Test
    void ejectedAgainMuchLater_startsWithTheFirstDelay() {
        attempted(1, REFUSED);
        core.time.advance(Duration.ofMillis(100));
        core.time.advance(Duration.ofSeconds(1));
        long start = core.time.nanos();
        attempted(1, REFUSED);
        assertThat(probeTimes(2, start)).containsExactly(100L);
    }

    @Test
    void newsOfIt_probesAtOnce_andTheDelayStartsAnew() {
        core.transport.probeFinds("p1", "connection refused");
        attempted(1, REFUSED);
        core.time.advance(Duration.ofSeconds(8));
        int before = core.transport.probes.size();
        core.outliers.onInstanceChange(new InstanceChange(InstanceChange.Kind.CONFIRMED, core.service(), p1));
        core.time.runDue();
        assertThat(core.transport.probes).hasSize(before + 1);
        core.time.advance(Duration.ofMillis(200));
        assertThat(core.transport.probes).hasSize(before + 2);
        core.transport.probeFinds("p1", null);
        core.outliers.onInstanceChange(new InstanceChange(InstanceChange.Kind.CONFIRMED, core.service(), p1));
        core.time.runDue();
        assertThat(p1.ejected()).isFalse();
        assertThat(core.time.waiting()).isZero();
    }

    @Test
    void probeThatThrows_isFollowedByAnother() {
        List<Instance> probed = new ArrayList<>();
        Transport transport = new ProbesOnly((instance, result) -> {
            probed.add(instance);
            if (probed.size() == 1) {
                throw new IllegalStateException("by the test");
            }
            result.accept(null);
        });
        new OutlierDetector(transport, core.time, core.time, Settings.defaults())
                .eject(p1, Counts.Cause.UNREACHABLE, "by the test");
        core.time.advance(Duration.ofMillis(100));
        assertThat(p1.ejectedBecause()).isEqualTo("the transport failed: java.lang.IllegalStateException: by the test");
        core.time.advance(Duration.ofMillis(200));
        assertThat(p1.ejected()).isFalse();
    }

    @Test
    void checkFromBeforeTheEjection_doesNotEjectAgainOnceTheInstanceIsBack() {
        List<Consumer<Outcome>> pings = new ArrayList<>();
        OutlierDetector outliers = checkedAndEjectedAndBack(pings);
        pings.getFirst().accept(Outcome.silent("no response to a ping"));
        assertThat(p1.ejected()).isFalse();
        outliers.connectionBroke(p1);
        pings.getLast().accept(Outcome.silent("no response to a ping"));
        assertThat(p1.ejected()).as("by a check after its return").isTrue();
    }

    @Test
    void checkFromBeforeTheEjection_endsNoLaterOne() {
        List<Consumer<Outcome>> pings = new ArrayList<>();
        OutlierDetector outliers = checkedAndEjectedAndBack(pings);
        outliers.connectionBroke(p1);
        assertThat(pings).hasSize(3);
        pings.getFirst().accept(null);
        outliers.connectionBroke(p1);
        assertThat(pings).as("the check after its return is in flight").hasSize(3);
        pings.getLast().accept(null);
        outliers.connectionBroke(p1);
        assertThat(pings).hasSize(4);
    }

    private OutlierDetector checkedAndEjectedAndBack(List<Consumer<Outcome>> pings) {
        OutlierDetector outliers = new OutlierDetector(
                new ProbesOnly((instance, result) -> pings.add(result)), core.time, core.time, Settings.defaults());
        outliers.connectionBroke(p1);
        outliers.attempted(p1, REFUSED);
        core.time.advance(Duration.ofMillis(100));
        assertThat(pings).as("a check and a probe").hasSize(2);
        pings.get(1).accept(null);
        assertThat(p1.ejected()).isFalse();
        return outliers;
    }

    @Test
    void newsOfAnInstanceThatIsIn_probesNothing() {
        core.outliers.onInstanceChange(new InstanceChange(InstanceChange.Kind.CONFIRMED, core.service(), p1));
        core.time.advance(Duration.ofMinutes(1));
        assertThat(core.transport.probes).isEmpty();
    }

    @Test
    void newsDuringAProbe_startsNoSecondOne() {
        core.transport.probeHangs("p1");
        attempted(1, REFUSED);
        core.time.advance(Duration.ofMillis(100));
        core.outliers.onInstanceChange(new InstanceChange(InstanceChange.Kind.CONFIRMED, core.service(), p1));
        core.time.advance(Duration.ofMinutes(1));
        assertThat(core.transport.probes).containsExactly("p1");
    }

    @Test
    void newsDuringAProbe_bringsTheNextOneForward() {
        List<Consumer<Outcome>> probes = new ArrayList<>();
        OutlierDetector outliers = new OutlierDetector(
                new ProbesOnly((instance, result) -> probes.add(result)), core.time, core.time, Settings.defaults());
        outliers.eject(p1, Counts.Cause.UNREACHABLE, "by the test");
        for (int i = 0; i < 5; i++) {
            core.time.advance(Duration.ofSeconds(5));
            probes.getLast().accept(Outcome.unreachable("connection refused"));
        }
        core.time.advance(Duration.ofSeconds(5));
        outliers.onInstanceChange(new InstanceChange(InstanceChange.Kind.CONFIRMED, core.service(), p1));
        probes.getLast().accept(Outcome.unreachable("connection refused"));
        assertThat(probes).hasSize(6);
        core.time.advance(Duration.ofMillis(200));
        assertThat(probes).hasSize(7);
    }

    @Test
    void probeByTheTimerThatNewsOvertook_isNotMadeTwice() {
        List<Runnable> scheduled = new ArrayList<>();
        List<Consumer<Outcome>> probes = new ArrayList<>();
        Timers timersThatCannotCancelInTime = (task, delay) -> {
            scheduled.add(task);
            return () -> {};
        };
        Transport transport = new ProbesOnly((instance, result) -> probes.add(result));
        OutlierDetector outliers =
                new OutlierDetector(transport, timersThatCannotCancelInTime, core.time, Settings.defaults());
        outliers.eject(p1, Counts.Cause.UNREACHABLE, "by the test");
        outliers.onInstanceChange(new InstanceChange(InstanceChange.Kind.CONFIRMED, core.service(), p1));
        scheduled.getFirst().run();
        assertThat(probes).hasSize(1);
        probes.getFirst().accept(null);
        assertThat(p1.ejected()).isFalse();
        scheduled.getFirst().run();
        assertThat(probes).as("a probe of an instance that is in").hasSize(1);
    }

    @Test
    void probeThatSucceedsAtOnce_holdsNoLockWhileTheDirectoryIsWritten() {
        List<Boolean> held = new ArrayList<>();
        OutlierDetector outliers = new OutlierDetector(
                new ProbesOnly((instance, result) -> {
                    held.add(Thread.holdsLock(instance.healthTracker()));
                    result.accept(null);
                }),
                core.time,
                core.time,
                Settings.defaults());
        outliers.eject(p1, Counts.Cause.UNREACHABLE, "by the test");
        outliers.onInstanceChange(new InstanceChange(InstanceChange.Kind.CONFIRMED, core.service(), p1));
        assertThat(held).containsExactly(false);
        assertThat(p1.ejected()).isFalse();
    }

    @Test
    void registryThatConfirmsAnEjectedInstance_hasItProbedAtOnce() {
        core.directory.listen(core.outliers::onInstanceChange);
        attempted(1, REFUSED);
        Registration r = CoreFixture.passing("p1");
        core.register(
                new Registration(
                        r.id(), r.host(), r.port(), r.pool(), r.weight(), r.grpcServices(), false, true, 50, 50),
                CoreFixture.passing("p2"));
        core.time.runDue();
        assertThat(core.transport.probes).containsExactly("p1");
        assertThat(core.best()).containsExactly("p1", "p2");
    }

    @Test
    void registryThatDropsAnEjectedInstance_endsItsProbes() {
        core.directory.listen(core.outliers::onInstanceChange);
        attempted(1, REFUSED);
        core.register(CoreFixture.passing("p2"));
        assertThat(p1.status()).isEqualTo(RegistryStatus.GONE);
        core.time.advance(Duration.ofMinutes(1));
        assertThat(core.transport.probes).isEmpty();
        assertThat(core.time.waiting()).isZero();
    }

    @Test
    void probeThatOutlivesItsInstance_changesNothing() {
        core.transport.probeFinds("p1", "connection refused");
        attempted(1, REFUSED);
        core.register(CoreFixture.passing("p2"));
        core.time.advance(Duration.ofMinutes(1));
        assertThat(core.transport.probes).hasSizeLessThanOrEqualTo(1);
        assertThat(core.time.waiting()).isZero();
    }

    @Test
    void instanceThatIsGone_isNotEjected() {
        core.register(CoreFixture.passing("p2"));
        attempted(1, REFUSED);
        assertThat(p1.ejected()).isFalse();
        assertThat(core.time.waiting()).isZero();
    }

    @Test
    void everyInstanceEjected_isTriedAllTheSame() {
        attempted(1, REFUSED);
        core.outliers.attempted(core.instance("p2"), REFUSED);
        assertThat(core.best()).containsExactly("p1", "p2");
    }

    @Test
    void concurrentEjects_areOne() throws InterruptedException {
        core.transport.probeHangs("p1");
        List<Thread> threads = new ArrayList<>();
        List<Runnable> scheduled = java.util.Collections.synchronizedList(new ArrayList<>());
        OutlierDetector outliers = new OutlierDetector(
                core.transport,
                (task, delay) -> {
                    scheduled.add(task);
                    return () -> {};
                },
                core.time,
                Settings.defaults());
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofPlatform().start(() -> outliers.attempted(p1, REFUSED)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(p1.ejected()).isTrue();
        assertThat(scheduled).hasSize(1);
    }

    private void letBackAfterFailures() {
        attempted(5, BROKEN);
        assertThat(p1.ejected()).isTrue();
        core.time.advance(Duration.ofMillis(100));
        assertThat(p1.ejected()).isFalse();
    }

    private void attempted(int times, Outcome outcome) {
        for (int i = 0; i < times; i++) {
            core.outliers.attempted(p1, outcome);
        }
    }

    /** In milliseconds after {@code start}, when the next probes were made. */
    private List<Long> probeTimes(int howMany, long start) {
        List<Long> times = new ArrayList<>();
        for (int millis = 0; millis < 60_000 && times.size() < howMany; millis++) {
            int before = core.transport.probes.size();
            core.time.advance(Duration.ofMillis(1));
            if (core.transport.probes.size() > before) {
                times.add((core.time.nanos() - start) / 1_000_000);
            }
        }
        return times;
    }

    private record ProbesOnly(java.util.function.BiConsumer<Instance, Consumer<Outcome>> onProbe) implements Transport {
        @Override
        public Stream open(
                Call call, Instance instance, long leftNanos, int before, String traceparent, Listener listener) {
            throw new AssertionError("no call here");
        }

        @Override
        public void probe(Instance instance, long timeoutNanos, Consumer<Outcome> result) {
            onProbe.accept(instance, result);
        }

        @Override
        public void retire(Instance instance) {
            // it has no connections
        }
    }
}
