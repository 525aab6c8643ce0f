package io.middleware.core.outlier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.middleware.core.Code;
import io.middleware.core.Counts;
import io.middleware.core.Outcome;
import io.middleware.core.Settings;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.fixture.ManualTime;
import io.middleware.core.fixture.Script;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.OutcomeCounts;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SuccessRateOutliersTest {
    private static final Outcome GOOD = Outcome.answered(Code.OK);
    private static final Outcome FAILED = Outcome.answered(Code.INTERNAL);

    private final CoreFixture core = CoreFixture.serving("p1", "p2", "p3", "s1");

    // the judgement

    @ParameterizedTest
    @CsvSource({
        // failures of outcomes, those of the peers, outlier
        "8, 8, 0, 16, true",
        "7, 7, 0, 14, false",
        "9, 10, 0, 20, true",
        "8, 10, 0, 20, false",
        "12, 40, 0, 80, true",
        "10, 40, 0, 80, false",
        "6, 6, 0, 80, true",
        // one peer
        "11, 11, 0, 11, true",
        "10, 10, 0, 10, false",
        // peers that fail as well
        "10, 10, 4, 20, false",
        "15, 15, 6, 30, true",
        "30, 30, 30, 60, true",
        "25, 25, 25, 50, false",
        "30, 40, 40, 80, false",
        "40, 40, 68, 80, false",
        "20, 40, 8, 80, false",
        // peers that had hardly a call
        "40, 40, 0, 0, false",
        "20, 20, 0, 2, false"
    })
    void failures_areWeighedAgainstThoseOfThePeers(
            int failures, int outcomes, int ofPeers, int outcomesOfPeers, boolean outlier) {
        assertThat(new SuccessRateOutliers.Comparison(
                                OutcomeCounts.Window.NONE, failures, outcomes, ofPeers, outcomesOfPeers)
                        .outlier())
                .isEqualTo(outlier);
    }

    @Test
    void tail_isThatOfTheBetaBinomialDistribution() {
        assertThat(SuccessRateOutliers.tail(0, 5, 3, 9)).isEqualTo(1, within(1e-12));
        // where nothing is known, each number is as likely
        assertThat(SuccessRateOutliers.tail(3, 4, 0, 0)).isEqualTo(2 / 5.0, within(1e-12));
        // Laplace's rule of succession
        assertThat(SuccessRateOutliers.tail(1, 1, 3, 10)).isEqualTo(4 / 12.0, within(1e-12));
        assertThat(SuccessRateOutliers.tail(8, 8, 0, 16)).isEqualTo(1 / 1_081_575.0, within(1e-12));
    }

    // who is ejected

    @Test
    void nineFailuresOfTen_besidePeersThatRespond_eject() {
        meanwhile(40, GOOD);
        meanwhile(2, FAILED);
        meanwhile(1, GOOD);
        meanwhile(6, FAILED);
        assertThat(core.instance("p1").ejected()).isFalse();
        meanwhile(1, FAILED);
        assertThat(core.instance("p1").ejected()).isTrue();
        assertThat(core.instance("p1").ejectedBecause())
                .isEqualTo("its calls fail, and those of its peers do not; the last one: answered INTERNAL");
        assertThat(core.service().counts().ejections(Counts.Cause.OUTLIER)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 1", "3, 1, 1", "3, 2, 1", "4, 2, 2", "5, 2, 2"})
    void poolsOfTwoToFive_ejectHalfAtMost(int size, int failing, int ejected) {
        CoreFixture pool = CoreFixture.serving(
                Stream.iterate(1, i -> i + 1).limit(size).map(i -> "p" + i).toArray(String[]::new));
        for (int round = 0; round < 400; round++) {
            for (int i = 1; i <= size; i++) {
                pool.outliers.attempted(pool.instance("p" + i), i <= failing ? FAILED : GOOD);
            }
        }
        assertThat(pool.everyInstance.stream().filter(Instance::ejected).count())
                .isEqualTo(ejected);
        assertThat(pool.everyInstance.subList(failing, size))
                .as("those that answer")
                .noneMatch(Instance::ejected);
    }

    @Test
    void aloneInItsPool_isComparedWithNobody() {
        CoreFixture alone = CoreFixture.serving("p1", "s1");
        for (int i = 0; i < 100; i++) {
            alone.outliers.attempted(alone.instance("s1"), GOOD);
            alone.outliers.attempted(alone.instance("p1"), FAILED);
        }
        assertThat(alone.instance("p1").ejected()).isFalse();
    }

    @Test
    void peersThatHadNoCallsMeanwhile_areNoMeasure() {
        attempts(40, GOOD, "p1", "p2", "p3");
        attempts(100, FAILED, "p1");
        assertThat(core.instance("p1").ejected()).isFalse();
        meanwhile(10, FAILED);
        assertThat(core.instance("p1").ejected()).isTrue();
    }

    @Test
    void failuresOfLongAgo_doNotCount() {
        meanwhile(8, FAILED);
        core.time.advance(Duration.ofSeconds(61));
        meanwhile(8, FAILED);
        assertThat(core.instance("p1").ejected()).isFalse();
        meanwhile(1, FAILED);
        assertThat(core.instance("p1").ejected()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Code.class,
            names = {"UNKNOWN", "INTERNAL", "DATA_LOSS", "UNIMPLEMENTED", "RESOURCE_EXHAUSTED"})
    void whatNoCallerCauses_counts(Code code) {
        meanwhile(9, Outcome.answered(code));
        assertThat(core.instance("p1").ejected()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Code.class,
            names = {
                "OK",
                "CANCELLED",
                "INVALID_ARGUMENT",
                "DEADLINE_EXCEEDED",
                "NOT_FOUND",
                "ALREADY_EXISTS",
                "PERMISSION_DENIED",
                "FAILED_PRECONDITION",
                "ABORTED",
                "OUT_OF_RANGE",
                "UNAUTHENTICATED"
            })
    void whatCallersCause_doesNot(Code code) {
        meanwhile(200, Outcome.answered(code));
        assertThat(core.instance("p1").ejected()).isFalse();
    }

    @Test
    void resetOfEachStream_counts_andALostConnectionDoesNot() {
        meanwhile(40, GOOD);
        meanwhile(9, Outcome.broken(Code.UNAVAILABLE, "the connection was lost"));
        assertThat(core.instance("p1").ejected())
                .as("the calls of one connection that ends are one event")
                .isFalse();
        meanwhile(9, Outcome.broken(Code.INTERNAL, "the server reset the stream"));
        assertThat(core.instance("p1").ejected()).isTrue();
    }

    @Test
    void requestThatFailsEverywhere_ejectsNobody() {
        Random random = new Random(7);
        for (double poison : new double[] {0.05, 0.3, 0.5, 0.8, 1}) {
            for (int call = 0; call < 30_000; call++) {
                attempts(1, random.nextDouble() < poison ? FAILED : GOOD, "p" + (1 + random.nextInt(3)));
            }
            assertThat(core.everyInstance).as("%s of the calls fail", poison).noneMatch(Instance::ejected);
        }
    }

    /** One caller, one call at a time, while nobody else calls: no instance may get them all. */
    @Test
    void burstOfRequestsThatFailEverywhere_ejectsNobody() {
        for (String path : List.of(CoreFixture.SAY_HELLO, CoreFixture.SIGN)) {
            ManualTime time = new ManualTime();
            CoreFixture drawn = new CoreFixture(
                    Settings.defaults(), new PowerOfTwoChoices(CoreFixture.seeded(path.hashCode()), time), time);
            drawn.register(CoreFixture.passing("p1"), CoreFixture.passing("p2"), CoreFixture.passing("p3"));
            drawn.directory.markLoaded();
            drawn.describe();
            for (int call = 0; call < 200_000; call++) {
                Script script = call % 400 < 200 ? Script.answers("World") : Script.answers(Code.INTERNAL);
                drawn.everyInstance.forEach(instance -> drawn.transport.always(instance.id(), script));
                drawn.call(path);
                drawn.time.advance(Duration.ofMillis(3));
            }
            assertThat(drawn.everyInstance).extracting(Instance::ejectedBecause).containsOnlyNulls();
        }
    }

    @Test
    void requestsThatServersReject_ejectOnlyOneThatRejectsMany() {
        Outcome rejected = Outcome.rejected(Code.INTERNAL, "the server reset the stream: PROTOCOL_ERROR");
        meanwhile(19, rejected);
        assertThat(core.instance("p1").ejected()).isFalse();
        meanwhile(1, rejected);
        assertThat(core.instance("p1").ejected()).isTrue();
    }

    @Test
    void brokenInstance_isFoundThoughManyRequestsFailEverywhere() {
        Random random = new Random(7);
        int seen = 0;
        for (int call = 0; call < 3_000 && !core.instance("p1").ejected(); call++) {
            int at = 1 + random.nextInt(3);
            boolean bad = at == 1 || random.nextDouble() < 0.3;
            seen += at == 1 ? 1 : 0;
            attempts(1, bad ? FAILED : GOOD, "p" + at);
        }
        assertThat(seen).isBetween(8, 50);
    }

    @Test
    void unavailableFromAll_ejectsNobody() {
        attempts(100, Outcome.answered(Code.UNAVAILABLE), "p1", "p2", "p3");
        assertThat(core.everyInstance).noneMatch(Instance::ejected);
    }

    @Test
    void unavailableFromOne_ejectsIt() {
        meanwhile(5, Outcome.answered(Code.UNAVAILABLE));
        assertThat(core.service().counts().ejections(Counts.Cause.FAILING)).isEqualTo(1);
    }

    @Test
    void connectionsThatAreLostAgainAndAgain_ejectIt_howeverItsPeersDo() {
        attempts(40, FAILED, "p2", "p3");
        meanwhile(5, Outcome.broken(Code.UNAVAILABLE, "the connection was lost"));
        assertThat(core.service().counts().ejections(Counts.Cause.FAILING)).isEqualTo(1);
    }

    @Test
    void peerThatLeaves_isNoReasonToEject() {
        CoreFixture shrinking = CoreFixture.serving("p1", "p2", "p3");
        for (int i = 0; i < 5; i++) {
            shrinking.outliers.attempted(shrinking.instance("p3"), FAILED);
        }
        Instance p1 = shrinking.instance("p1");
        shrinking.outliers.attempted(p1, FAILED);
        shrinking.register(CoreFixture.passing("p1"), CoreFixture.passing("p2"));
        for (int i = 0; i < 40; i++) {
            shrinking.outliers.attempted(shrinking.instance("p2"), GOOD);
            if (i % 20 == 19) {
                shrinking.outliers.attempted(p1, FAILED);
            }
        }
        assertThat(p1.ejected()).isFalse();
    }

    @Test
    void switchedOff_ejectsNobody() {
        Settings d = Settings.defaults();
        CoreFixture off = CoreFixture.serving(
                new Settings(
                        d.unaryDeadline(),
                        d.attempts(),
                        d.firstBackOff(),
                        d.budget(),
                        d.replay(),
                        new Settings.Ejection(
                                Duration.ofMillis(100),
                                Duration.ofSeconds(5),
                                false,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(30)),
                        d.hedge(),
                        d.silence(),
                        d.limit()),
                "p1",
                "p2");
        for (int i = 0; i < 100; i++) {
            off.outliers.attempted(off.instance("p2"), GOOD);
            off.outliers.attempted(off.instance("p1"), FAILED);
        }
        assertThat(off.everyInstance).noneMatch(Instance::ejected);
    }

    // how it comes back

    @Test
    void outlierThatStillFails_isTriedAtIntervalsThatDouble() {
        eject();
        long start = core.time.nanos();
        StringBuilder seconds = new StringBuilder();
        for (int trial = 0; trial < 7; trial++) {
            while (core.instance("p1").ejected()) {
                core.time.advance(Duration.ofMillis(100));
                attempts(1, GOOD, "p2", "p3");
            }
            seconds.append((core.time.nanos() - start) / 1_000_000_000).append(' ');
            attempts(1, FAILED, "p1");
            assertThat(core.instance("p1").ejected()).isTrue();
            start = core.time.nanos();
        }
        assertThat(seconds).hasToString("1 2 4 8 16 30 30 ");
    }

    @Test
    void outlierThatIsMended_isBackWithItsNextCall() {
        eject();
        core.time.advance(Duration.ofSeconds(1));
        assertThat(core.instance("p1").onTrial()).isTrue();
        attempts(1, GOOD, "p1");
        assertThat(core.instance("p1").onTrial()).isFalse();
        meanwhile(3, FAILED);
        assertThat(core.instance("p1").ejected()).isFalse();
    }

    @Test
    void trialThatFails_asThoseOfItsPeersDo_isNoProof() {
        eject();
        core.time.advance(Duration.ofSeconds(1));
        attempts(20, FAILED, "p2", "p3");
        attempts(1, FAILED, "p1");
        assertThat(core.instance("p1").ejected()).isFalse();
        attempts(1, GOOD, "p1");
        assertThat(core.instance("p1").onTrial()).isFalse();
    }

    @Test
    void onTrial_getsOneCallUntilThatHasEnded() {
        eject();
        core.time.advance(Duration.ofSeconds(1));
        core.transport.always("p1", Script.staysSilent());
        core.call(CoreFixture.SAY_HELLO);
        core.call(CoreFixture.SAY_HELLO);
        core.call(CoreFixture.SAY_HELLO);
        assertThat(core.transport.tried()).containsExactly("p1", "p2", "p2");
        core.time.advance(Duration.ofMillis(Instance.TRIAL_SECONDS * 1_000));
        core.transport.always("p1", Script.answers("World"));
        core.call(CoreFixture.SAY_HELLO);
        core.call(CoreFixture.SAY_HELLO);
        assertThat(core.transport.tried())
                .as("a call that hangs, or was given up, is no reason to wait for ever")
                .endsWith("p1", "p1");
    }

    private void eject() {
        meanwhile(9, FAILED);
        assertThat(core.instance("p1").ejected()).isTrue();
    }

    /** Attempts on p1, while its peers answer theirs. */
    private void meanwhile(int times, Outcome outcome) {
        for (int i = 0; i < times; i++) {
            attempts(1, GOOD, "p2", "p3");
            attempts(1, outcome, "p1");
        }
    }

    private void attempts(int times, Outcome outcome, String... ids) {
        for (int i = 0; i < times; i++) {
            for (String id : ids) {
                core.outliers.attempted(core.instance(id), outcome);
            }
        }
    }
}
