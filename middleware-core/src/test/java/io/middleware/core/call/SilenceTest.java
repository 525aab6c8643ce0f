package io.middleware.core.call;

import static io.middleware.core.MethodTraits.Idempotency.UNKNOWN;
import static io.middleware.core.fixture.CoreFixture.CHAT;
import static io.middleware.core.fixture.CoreFixture.SAY_HELLO;
import static io.middleware.core.fixture.CoreFixture.SIGN;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Code;
import io.middleware.core.MethodTraits;
import io.middleware.core.Settings;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.fixture.Script;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.RegistryStatus;
import io.middleware.core.outlier.Ejection;
import io.middleware.core.retry.HedgeDelay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An instance from which nothing comes back is pinged, and ejected when it does not answer that either. */
class SilenceTest {
    private static final Duration AFTER = Settings.defaults().silence().after();
    private static final Duration PING_LIMIT = Settings.defaults().silence().pingLimit();
    private static final Duration LOST_AFTER = Settings.defaults().silence().lostAfter();

    private CoreFixture core = CoreFixture.serving("p1", "p2");
    private Instance p1 = core.instance("p1");

    @BeforeEach
    void frozen() {
        core.transport.always("p1", Script.staysSilent());
        core.transport.probeTimesOut("p1");
        p1.roundTrip(TimeUnit.MICROSECONDS.toNanos(200));
    }

    @AfterEach
    void nothingIsLeft() {
        core.assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {SAY_HELLO, SIGN, CHAT, "/hello.v1.HelloService/NotDescribed"})
    void anyMethod_hasTheInstanceAsked_andEjectedWhenItDoesNotRespond(String path) {
        CoreFixture.Asked asked = ask(path);
        core.time.advance(AFTER.minusMillis(1));
        assertThat(core.transport.probes).isEmpty();
        core.time.advance(Duration.ofMillis(1));
        assertThat(core.transport.probes).containsExactly("p1");
        core.time.advance(PING_LIMIT.minusMillis(1));
        assertThat(p1.ejected()).isFalse();
        core.time.advance(Duration.ofMillis(1));
        assertThat(p1.ejected()).isTrue();
        assertThat(p1.ejectedBecause()).isEqualTo("no answer to a ping within 30 ms");
        asked.cancel();
    }

    @Test
    void acknowledgedPing_changesNothing_andIsNotRetriedAtOnce() {
        core.transport.probeFinds("p1", null);
        CoreFixture.Asked asked = ask(SIGN);
        core.time.advance(AFTER);
        CoreFixture.Asked another = ask(SIGN);
        core.time.advance(Duration.ofMillis(99));
        assertThat(core.transport.probes).hasSize(1);
        assertThat(p1.ejected()).isFalse();
        core.time.advance(Duration.ofSeconds(1));
        assertThat(core.transport.probes)
                .as("each sign of life holds for 100 ms")
                .hasSizeBetween(3, 11);
        asked.cancel();
        another.cancel();
    }

    @Test
    void manySilentCalls_areOnePing() {
        core.transport.probeHangs("p1");
        for (int i = 0; i < 10; i++) {
            ask(SIGN);
        }
        core.time.advance(AFTER.multipliedBy(3));
        assertThat(core.transport.probes).containsExactly("p1");
        core.time.advance(Duration.ofSeconds(15));
    }

    @Test
    void brokenConnections_haveTheInstanceAskedAtOnce_andOnlyOnce() {
        core.outliers.connectionBroke(p1);
        core.outliers.connectionBroke(p1);
        assertThat(core.transport.probes).containsExactly("p1");
        core.time.advance(PING_LIMIT);
        assertThat(p1.ejected()).as("before any call had to find out").isTrue();
    }

    @Test
    void brokenConnection_ofAnInstanceThatIsWell_changesNothing() {
        core.transport.probeFinds("p1", null);
        core.outliers.connectionBroke(p1);
        core.time.advance(Duration.ofMillis(1));
        assertThat(p1.ejected()).isFalse();
        core.outliers.connectionBroke(p1);
        assertThat(core.transport.probes)
                .as("news, however soon after a sign of life")
                .hasSize(2);
    }

    @Test
    void ejectionAndReturn_areToldToWhoListens() {
        List<Ejection> told = new ArrayList<>();
        core.outliers.listen(told::add);
        core.outliers.connectionBroke(p1);
        core.time.advance(PING_LIMIT);
        core.transport.probeFinds("p1", null);
        core.time.advance(Duration.ofSeconds(10));
        assertThat(told)
                .containsExactly(
                        new Ejection(p1, true, "no answer to a ping within 30 ms"),
                        new Ejection(p1, false, "it answers probes"));
    }

    @Test
    void streamThatIsSilentForHours_isLookedAtLessAndLess() {
        core.transport.probeFinds("p1", null);
        CoreFixture.Asked asked = ask(CHAT);
        core.transport.always("p2", Script.staysSilent());
        core.time.advance(Duration.ofHours(3));
        assertThat(core.transport.probes).hasSizeLessThan(400);
        asked.cancel();
    }

    @ParameterizedTest
    @ValueSource(strings = {SIGN, CHAT})
    void headers_areASignOfLife(String path) {
        core.transport.always("p1", stream -> stream.later(Duration.ZERO, stream::headers));
        CoreFixture.Asked asked = ask(path);
        core.time.advance(Duration.ofSeconds(14));
        assertThat(core.transport.probes).isEmpty();
        asked.cancel();
    }

    @Test
    void requestThatIsNotWhole_isNoReasonToAsk() {
        CoreFixture.Asked asked = core.ask(CHAT);
        asked.send("a", false);
        core.time.advance(Duration.ofMinutes(1));
        assertThat(core.transport.probes).isEmpty();
        asked.exchange().halfClose();
        core.time.advance(AFTER);
        assertThat(core.transport.probes).isNotEmpty();
        asked.cancel();
    }

    @Test
    void instanceThatIsGone_isNotAsked() {
        CoreFixture.Asked asked = ask(SIGN);
        core.register(CoreFixture.passing("p2"));
        core.time.advance(Duration.ofSeconds(1));
        assertThat(p1.status()).isEqualTo(RegistryStatus.GONE);
        assertThat(core.transport.probes).isEmpty();
        asked.cancel();
    }

    @Test
    void limit_isFourRoundTrips_whereThatIsMore() {
        core = CoreFixture.serving("p1", "p2");
        p1 = core.instance("p1");
        frozen();
        Instance far = core.instance("p2");
        far.roundTrip(TimeUnit.MILLISECONDS.toNanos(50));
        core.outliers.silent(far);
        core.outliers.silent(p1);
        assertThat(core.transport.probeLimits)
                .containsExactly(TimeUnit.MILLISECONDS.toNanos(200), TimeUnit.MILLISECONDS.toNanos(30));
    }

    @Test
    void limit_isGenerous_asLongAsTheRoundTripIsNotKnown() {
        core.outliers.silent(core.instance("p2"));
        assertThat(core.transport.probeLimits).containsExactly(TimeUnit.MILLISECONDS.toNanos(250));
    }

    @Test
    void roundTrip_fallsAtOnceAndRisesSlowly() {
        Instance instance = core.instance("p2");
        instance.roundTrip(8_000);
        assertThat(instance.roundTrip()).isEqualTo(8_000);
        instance.roundTrip(800);
        assertThat(instance.roundTrip()).isEqualTo(800);
        instance.roundTrip(8_800);
        assertThat(instance.roundTrip()).isEqualTo(1_800);
    }

    @Test
    void ejectedForSilence_isProbedByNewConnections() {
        CoreFixture.Asked asked = ask(SIGN);
        core.time.advance(AFTER.plus(PING_LIMIT));
        assertThat(core.transport.retired).containsExactly("p1");
        core.time.advance(Duration.ofMillis(100 + 1_000));
        assertThat(core.transport.retired)
                .as("after a probe that was not answered")
                .containsExactly("p1", "p1");
        asked.cancel();
    }

    @Test
    void successfulProbe_letsItBack_withNoMemoryOfHowSlowItWas() {
        p1.latency().sample(1, core.time.nanos());
        core.time.advance(Duration.ofMillis(1));
        CoreFixture.Asked asked = ask(SIGN);
        core.time.advance(AFTER.plus(PING_LIMIT));
        assertThat(p1.latency().nanos(core.time.nanos())).isPositive();
        core.transport.probeFinds("p1", null);
        core.time.advance(Duration.ofMillis(100));
        assertThat(p1.ejected()).isFalse();
        assertThat(p1.latency().nanos(core.time.nanos())).isZero();
        assertThat(core.transport.retired)
                .as("the connection that was answered on is kept")
                .containsExactly("p1");
        asked.cancel();
    }

    @Test
    void callOfASlowMethod_movesSoonAfterItsInstanceIsOut_notOnlyAfterTheMethodsOwnTime() {
        core.transport.always("p1", stream -> stream.later(Duration.ofSeconds(2), () -> stream.answer("slow World")));
        core.transport.probeFinds("p1", null);
        for (int i = 0; i < 2 * HedgeDelay.ENOUGH; i++) {
            ask(SAY_HELLO);
        }
        core.time.advance(Duration.ofSeconds(4));
        frozen();
        int before = core.transport.attempts.size();
        core.instance("p1").latency().forget();
        CoreFixture.Asked asked = ask(SAY_HELLO);
        core.time.advance(AFTER.plus(PING_LIMIT).plusMillis(20));
        assertThat(core.transport.tried().subList(before, core.transport.attempts.size()))
                .containsExactly("p1", "p2");
        asked.caller().assertAnswered("World");
    }

    @Test
    void onlyPrimarySilent_movesToTheSecondary_onceItIsEjected() {
        core = CoreFixture.serving("p1", "s1");
        p1 = core.instance("p1");
        frozen();
        CoreFixture.Asked asked = ask(SAY_HELLO);
        core.time.advance(AFTER.plus(PING_LIMIT));
        assertThat(core.transport.tried()).containsExactly("p1");
        core.time.advance(AFTER);
        asked.caller().assertAnswered("World");
        assertThat(core.transport.tried()).containsExactly("p1", "s1");
    }

    @ParameterizedTest
    @ValueSource(strings = {SAY_HELLO, SIGN, CHAT})
    void attemptThatHasNotLeft_movesWhateverTheMethod_onceItsInstanceIsOut(String path) {
        core = CoreFixture.serving(
                CoreFixture.repeating(1, Duration.ofMillis(20), new Settings.Budget(0, 0, 1)), "p1", "p2");
        p1 = core.instance("p1");
        core.transport.always("p1", stream -> stream.unsent = true);
        core.transport.probeTimesOut("p1");
        p1.roundTrip(1);
        CoreFixture.Asked asked = ask(path);
        core.time.advance(AFTER.plus(PING_LIMIT));
        assertThat(p1.ejected()).isTrue();
        core.time.advance(AFTER);
        asked.caller().assertAnswered("World");
        assertThat(core.transport.attempt(1).cancelled).isTrue();
        assertThat(core.transport.tried()).containsExactly("p1", "p2");
    }

    @ParameterizedTest
    @ValueSource(strings = {SIGN, CHAT, "/hello.v1.HelloService/NotDescribed"})
    void attemptThatFindsNoFreeStream_movesToAPeer_thoughItsInstanceIsWell(String path) {
        noFreeStreamAt(2);
        CoreFixture.Asked asked = ask(path);
        core.time.advance(AFTER.multipliedBy(2));
        asked.caller().assertAnswered("World");
        assertThat(core.transport.tried()).containsExactly("p1", "p2", "p3");
        assertThat(core.transport.attempt(1).cancelled).isTrue();
        assertThat(core.transport.attempt(2).cancelled).isTrue();
        assertThat(p1.ejected()).isFalse();
        assertThat(p1.outcomes().rate()).isZero();
    }

    @Test
    void attemptThatFindsNoFreeStream_moves_beforeItsRequestIsWhole() {
        noFreeStreamAt(1);
        CoreFixture.Asked asked = core.ask(CHAT);
        asked.send("Hel", false);
        core.time.advance(AFTER);
        assertThat(core.transport.tried()).containsExactly("p1", "p2");
        asked.send("lo", true);
        core.time.runDue();
        asked.caller().assertAnswered("World");
        assertThat(core.transport.attempt(2).received).containsExactly("Hel", "lo");
    }

    @Test
    void attemptThatFindsNoFreeStream_ofAnIdempotentCall_movesOnceTheBudgetForHedgesIsUsedUp() {
        noFreeStreamAt(1, CoreFixture.repeating(2, Duration.ofMillis(20), new Settings.Budget(0, 0, 1)));
        CoreFixture.Asked asked = ask(SAY_HELLO);
        core.time.advance(Duration.ofSeconds(2));
        asked.caller().assertAnswered("World");
        assertThat(core.transport.tried()).containsExactly("p1", "p2");
    }

    @Test
    void attemptThatFindsNoFreeStreamAnywhere_waitsAtTheLastForOne() {
        noFreeStreamAt(3);
        CoreFixture.Asked asked = ask(SIGN);
        core.time.advance(Duration.ofSeconds(5));
        assertThat(core.transport.tried()).containsExactly("p1", "p2", "p3");
        assertThat(asked.caller().ended()).isFalse();
        core.transport.attempt(3).unsent = false;
        core.transport.attempt(3).answer("World");
        asked.caller().assertAnswered("World");
    }

    private void noFreeStreamAt(int first) {
        noFreeStreamAt(first, Settings.defaults());
    }

    /** Of three instances, the first so many. */
    private void noFreeStreamAt(int first, Settings settings) {
        core = CoreFixture.serving(settings, "p1", "p2", "p3");
        p1 = core.instance("p1");
        for (int i = 1; i <= first; i++) {
            core.transport.always("p" + i, stream -> stream.unsent = true);
        }
    }

    @Test
    void attemptThatHasNotLeft_andCannotBeMoved_leavesTheOtherToItsDeadline() {
        core = new CoreFixture(
                Settings.defaults(), candidates -> candidates.size() == 1 ? null : candidates.getFirst());
        core.register(CoreFixture.passing("p1"), CoreFixture.passing("p2"), CoreFixture.passing("p3"));
        core.directory.markLoaded();
        core.describe();
        core.transport.always("p1", Script.staysSilent());
        core.transport.always("p2", stream -> stream.unsent = true);
        core.transport.probeTimesOut("p2");
        CoreFixture.Asked asked = ask(SAY_HELLO);
        core.time.advance(Duration.ofSeconds(14));
        assertThat(core.transport.tried()).containsExactly("p1", "p2");
        assertThat(core.transport.attempt(2).cancelled).isTrue();
        core.time.advance(Duration.ofSeconds(1));
        assertThat(asked.caller().status).isEqualTo(Code.DEADLINE_EXCEEDED);
    }

    @Test
    void nonIdempotentCall_endsWhenItsInstanceWasSilentForLong() {
        CoreFixture.Asked asked = ask(SIGN);
        // the second ping is given a second, from 100 ms after the first was in vain
        core.time.advance(LOST_AFTER.plus(AFTER).plus(PING_LIMIT));
        assertThat(asked.caller().heard).isEmpty();
        core.time.advance(Duration.ofMillis(250));
        asked.caller()
                .assertFailed(
                        Code.UNAVAILABLE,
                        "hello-service gave no response: p1 (primary): it has the call, and answers no"
                                + " health check. Not retried: it may already have run and is not idempotent");
        assertThat(core.transport.tried()).containsExactly("p1");
        assertThat(core.transport.attempt(1).cancelled).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, "/hello.v1.HelloService/NotDescribed"})
    void streamOnASilentInstance_isLeftAlone(String path) {
        core.service().describe(Map.of(CHAT, new MethodTraits(false, UNKNOWN)));
        CoreFixture.Asked asked = ask(path);
        core.time.advance(Duration.ofMinutes(1));
        assertThat(asked.caller().heard).isEmpty();
        asked.cancel();
    }

    @Test
    void nonIdempotentCall_isWaitedForWhereItsResponseHasBegun() {
        core.transport.always("p1", stream -> stream.later(Duration.ofMillis(150), stream::headers));
        CoreFixture.Asked asked = ask(SIGN);
        core.time.advance(Duration.ofSeconds(14));
        assertThat(asked.caller().heard).containsExactly("headers");
        asked.cancel();
    }

    @Test
    void nonIdempotentCall_isWaitedFor_whereItsInstanceRefusesConnections() {
        core.transport.probeFinds("p1", "connection refused");
        CoreFixture.Asked asked = ask(SIGN);
        core.time.advance(Duration.ofSeconds(14));
        assertThat(p1.ejected()).isTrue();
        assertThat(asked.caller().heard)
                .as("a server that drains has closed its port")
                .isEmpty();
        asked.cancel();
    }

    @Test
    void nonIdempotentCall_ends_whereItsInstanceRefusesConnections_andIsSilentThen() {
        core.transport.probeFinds("p1", "connection refused");
        CoreFixture.Asked asked = ask(SIGN);
        core.time.advance(Duration.ofSeconds(1));
        assertThat(p1.ejected()).isTrue();
        core.transport.probeTimesOut("p1");
        core.time.advance(Duration.ofSeconds(5));
        asked.caller()
                .assertFailed(
                        Code.UNAVAILABLE,
                        "hello-service gave no response: p1 (primary): it has the call, and answers no"
                                + " health check. Not retried: it may already have run and is not idempotent");
    }

    @Test
    void nonIdempotentCall_isWaitedFor_whereItsInstanceComesBackInTime() {
        CoreFixture.Asked asked = ask(SIGN);
        core.time.advance(AFTER.plus(PING_LIMIT));
        assertThat(p1.ejected()).isTrue();
        core.transport.probeFinds("p1", null);
        core.time.advance(Duration.ofSeconds(2));
        core.transport.attempt(1).answer("World");
        asked.caller().assertAnswered("World");
    }

    @Test
    void ownPause_isNoEvidenceAgainstAnybody() {
        core.transport.probeTimesOut("p1");
        CoreFixture.Asked asked = ask(SIGN);
        core.time.stall(Duration.ofMillis(150));
        core.time.advance(Duration.ofMillis(1));
        assertThat(core.transport.probes).as("asked after a pause of ours").isEmpty();
        assertThat(core.failover.pauses()).isEqualTo(1);
        core.time.advance(Duration.ofSeconds(1));
        assertThat(core.transport.probes)
                .as("asked when it was silent without one")
                .isNotEmpty();
        asked.cancel();
    }

    @Test
    void pingThatIsNotAcknowledgedDuringOurPause_isMadeAgain() {
        core.transport.probeTimesOut("p1");
        core.outliers.connectionBroke(core.instance("p1"));
        core.time.stall(Duration.ofMillis(400));
        core.time.runDue();
        assertThat(core.transport.probes).containsExactly("p1", "p1");
        assertThat(core.instance("p1").ejected()).isFalse();
        assertThat(core.failover.pauses()).isEqualTo(1);
        core.time.advance(Duration.ofMillis(250));
        assertThat(core.instance("p1").ejected()).as("silent without a pause").isTrue();
    }

    @Test
    void pauseAfterPause_doesNotKeepADeadInstance() {
        core.transport.probeTimesOut("p1");
        core.outliers.connectionBroke(core.instance("p1"));
        for (int i = 0; i < 4; i++) {
            assertThat(core.instance("p1").ejected()).isFalse();
            core.time.stall(Duration.ofMillis(400));
            core.time.runDue();
        }
        assertThat(core.instance("p1").ejected()).isTrue();
        assertThat(core.failover.pauses()).isEqualTo(4);
    }

    @Test
    void deadlineOfANonIdempotentCall_tellsThatItMayHaveRun() {
        core.transport.probeFinds("p1", null);
        CoreFixture.Asked asked = ask(SIGN);
        core.time.advance(Duration.ofSeconds(15));
        asked.caller()
                .assertFailed(
                        Code.DEADLINE_EXCEEDED,
                        "hello-service gave no response: p1 (primary): no answer before the"
                                + " deadline. Note that it may already have run and is not idempotent");
    }

    @Test
    void deadlineOfACallThatHasNotLeft_tellsNothingOfTheKind() {
        core = CoreFixture.serving("p1");
        core.transport.always("p1", stream -> stream.unsent = true);
        CoreFixture.Asked asked = ask(SIGN);
        core.time.advance(Duration.ofSeconds(15));
        asked.caller()
                .assertFailed(
                        Code.DEADLINE_EXCEEDED,
                        "hello-service gave no response: p1 (primary): it was not sent before the deadline");
    }

    @Test
    void instanceThatTheRegistryDropped_isLeftBehindByIdempotentCalls() {
        core = CoreFixture.serving("p1", "s1", "s2");
        core.transport.always("p1", Script.staysSilent());
        CoreFixture.Asked asked = ask(SAY_HELLO);
        core.register(CoreFixture.passing("s1"), CoreFixture.passing("s2"));
        core.time.advance(AFTER);
        asked.caller().assertAnswered("World");
        assertThat(core.transport.tried()).containsExactly("p1", "s1");
    }

    private CoreFixture.Asked ask(String path) {
        CoreFixture.Asked asked = core.ask(path);
        asked.send("Hello", true);
        return asked;
    }
}
