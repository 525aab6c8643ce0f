package io.middleware.core.call;

import static io.middleware.core.fixture.CoreFixture.CHAT;
import static io.middleware.core.fixture.CoreFixture.SIGN;
import static io.middleware.core.fixture.CoreFixture.keyed;
import static io.middleware.core.fixture.CoreFixture.passing;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.MethodTraits;
import io.middleware.core.OngoingCall;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.fixture.RecordingCaller;
import io.middleware.core.fixture.Script;
import io.middleware.core.fixture.TestHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of a method that is not idempotent, with an idempotency key. */
class KeyedCallTest {
    private static final String SAFE =
            "it may already have run, and can safely be sent again with the same idempotency key";
    private static final String IN_DOUBT = "it may already have run and is not idempotent";

    private final CoreFixture core = CoreFixture.serving("p1", "p2", "p3");

    @AfterEach
    void nothingIsLeft() {
        core.assertNothingLeft();
    }

    // who may get another attempt

    @Test
    void inDoubt_isRetriedWhereEachInstanceHonoursKeys() {
        core.register(keyed("p1"), keyed("p2"), keyed("p3"));
        core.transport.always("p1", Script.breaks());
        sign().assertAnswered("World");
        assertThat(core.transport.tried()).containsExactly("p1", "p2");
    }

    @Test
    void inDoubt_goesOnlyToInstancesThatHonourKeys_whileOthersDoNot() {
        core.register(keyed("p1"), passing("p2"), keyed("p3"));
        core.transport.always("p1", Script.breaks());
        sign().assertAnswered("World");
        assertThat(core.transport.tried()).containsExactly("p1", "p3");
    }

    @Test
    void inDoubt_goesBackToTheOnlyInstanceThatHonoursKeys() {
        core.register(keyed("p1"), passing("p2"), passing("p3"));
        core.transport.next("p1", Script.breaks());
        core.transport.always("p1", Script.answers("World"));
        RecordingCaller caller = sign();
        core.time.advance(Duration.ofSeconds(1));
        caller.assertAnswered("World");
        assertThat(core.transport.tried()).containsExactly("p1", "p1");
    }

    @Test
    void inDoubtAtAnInstanceWithoutKeys_isNotRetried() {
        core.register(passing("p1"), keyed("p2"), keyed("p3"));
        core.transport.always("p1", Script.breaks());
        assertThat(sign().failure.message()).contains(IN_DOUBT);
        assertThat(core.transport.tried()).containsExactly("p1");
    }

    @Test
    void unsentAtAnInstanceWithoutKeys_movesAndIsRetriedByItsKey() {
        core.register(passing("p1"), keyed("p2"), keyed("p3"));
        core.transport.always("p1", Script.refusesConnection());
        core.transport.always("p2", Script.breaks());
        sign().assertAnswered("World");
        assertThat(core.transport.tried()).containsExactly("p1", "p2", "p3");
    }

    @Test
    void unsentAtAnInstanceWithKeys_movesToAny() {
        core.register(keyed("p1"), passing("p2"), passing("p3"));
        core.transport.always("p1", Script.refusesConnection());
        sign().assertAnswered("World");
        assertThat(core.transport.tried()).containsExactly("p1", "p2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void instancesWithoutKeys_areNoLicenceOnceTheyAreGone(boolean breaks) {
        core.register(passing("p1"), keyed("p2"), keyed("p3"));
        core.transport.always("p1", breaks ? Script.breaks(Duration.ofSeconds(2)) : Script.staysSilent());
        CoreFixture.Asked asked = core.ask(SIGN, Duration.ofSeconds(5), true);
        asked.send("Hello", true);
        core.register(keyed("p2"), keyed("p3"));
        core.time.advance(Duration.ofSeconds(5));
        assertThat(asked.caller().failure.message()).contains(IN_DOUBT);
        assertThat(core.transport.tried()).containsExactly("p1");
    }

    @Test
    void lastInstanceWithKeysGone_meanwhile_isNotRetried() {
        core.register(keyed("p1"), passing("p2"));
        core.transport.always("p1", Script.breaks(Duration.ofMillis(10)));
        CoreFixture.Asked asked = core.ask(SIGN, Duration.ofSeconds(5), true);
        asked.send("Hello", true);
        core.register(passing("p2"));
        core.time.advance(Duration.ofSeconds(5));
        assertThat(asked.caller().failure.message()).contains(IN_DOUBT);
        assertThat(core.transport.tried()).containsExactly("p1");
    }

    @Test
    void silence_isHedged_onAnInstanceThatHonoursKeys() {
        core.register(keyed("p1"), passing("p2"), keyed("p3"));
        core.transport.always("p1", Script.staysSilent());
        CoreFixture.Asked asked = core.ask(SIGN, Duration.ofSeconds(5), true);
        asked.send("Hello", true);
        core.time.advance(Duration.ofSeconds(4));
        asked.caller().assertAnswered("World");
        assertThat(core.transport.tried()).containsExactly("p1", "p3");
    }

    @Test
    void noKey_isNotRetriedWhereInstancesHonourThem() {
        core.register(keyed("p1"), keyed("p2"), keyed("p3"));
        core.transport.always("p1", Script.breaks());
        assertThat(core.call(SIGN).failure.message()).contains(IN_DOUBT);
    }

    @Test
    void stream_isNotRetriedByItsKey() {
        core.register(keyed("p1"), keyed("p2"));
        core.service().describe(Map.of(CHAT, new MethodTraits(false, MethodTraits.Idempotency.UNKNOWN)));
        core.transport.always("p1", Script.breaks());
        assertThat(call(CHAT).failure.message()).contains(IN_DOUBT);
        assertThat(core.transport.tried()).containsExactly("p1");
    }

    @Test
    void methodThatIsNotDescribed_isRetriedByItsKey() {
        core.register(keyed("p1"), keyed("p2"));
        core.transport.always("p1", Script.breaks());
        call("/hello.v1.HelloService/NotDescribed").assertAnswered("World");
    }

    // what its caller is told

    @Test
    void inVain_isSafeToSendAgain() {
        core.register(keyed("p1"), keyed("p2"), keyed("p3"));
        List.of("p1", "p2", "p3").forEach(id -> core.transport.always(id, Script.breaks()));
        RecordingCaller caller = sign();
        core.time.advance(Duration.ofSeconds(5));
        assertThat(caller.status).isEqualTo(Code.UNAVAILABLE);
        assertThat(caller.message).endsWith("the limit of attempts is reached. Note that " + SAFE);
    }

    @Test
    void inVain_isNotSafeToSendAgain_whereAnInstanceDoesNotHonourKeys() {
        core.register(keyed("p1"), passing("p2"));
        core.transport.always("p1", Script.breaks());
        RecordingCaller caller = sign();
        core.time.advance(Duration.ofSeconds(5));
        assertThat(caller.message).contains(IN_DOUBT).doesNotContain("safely");
    }

    @Test
    void neverSent_hasNotRun() {
        core.register(keyed("p1"), keyed("p2"), keyed("p3"));
        List.of("p1", "p2", "p3").forEach(id -> core.transport.always(id, Script.refusesConnection()));
        RecordingCaller caller = sign();
        core.time.advance(Duration.ofSeconds(5));
        assertThat(caller.message).doesNotContain("may already have run");
    }

    @ParameterizedTest
    @CsvSource({"true, '" + SAFE + "'", "false, " + IN_DOUBT})
    void deadline_saysWhetherItIsSafeToSendAgain(boolean honoured, String told) {
        core.register(keyed("p1"), keyed("p2"), honoured ? keyed("p3") : passing("p3"));
        core.transport.always("p1", Script.staysSilent());
        CoreFixture.Asked asked = core.ask(SIGN, Duration.ofMillis(90), true);
        asked.send("Hello", true);
        core.time.advance(Duration.ofSeconds(1));
        assertThat(asked.caller().status).isEqualTo(Code.DEADLINE_EXCEEDED);
        assertThat(asked.caller().message).contains(told);
    }

    @Test
    void responseThatBreaksOff_isSafeToSendAgain() {
        core.register(keyed("p1"), keyed("p2"), keyed("p3"));
        core.transport.always("p1", Script.breaksInTheAnswer());
        assertThat(sign().failure.message()).endsWith(SAFE);
    }

    // ABORTED: another attempt holds the key

    @Test
    void aborted_isTheApplications_whereNoOtherAttemptMayHoldTheKey() {
        core.register(keyed("p1"), keyed("p2"));
        core.transport.always("p1", Script.answers(Code.ABORTED));
        assertThat(sign().status).isEqualTo(Code.ABORTED);
        assertThat(core.transport.tried()).containsExactly("p1");
    }

    @Test
    void aborted_afterAnAttemptInDoubt_isRetriedAfterABackOff() {
        core.register(keyed("p1"), keyed("p2"));
        core.transport.always("p1", Script.breaks());
        core.transport.next("p2", Script.answers(Code.ABORTED));
        core.transport.always("p2", Script.answers("World"));
        RecordingCaller caller = sign();
        assertThat(core.transport.tried()).containsExactly("p1", "p2");
        core.transport.always("p1", Script.answers("World"));
        core.time.advance(Duration.ofSeconds(1));
        caller.assertAnswered("World");
        assertThat(core.transport.tried()).hasSize(3);
    }

    @Test
    void aborted_afterAllRetries_isPassedOn() {
        core.register(keyed("p1"), keyed("p2"));
        core.transport.always("p1", Script.breaks());
        core.transport.always("p2", Script.answers(Code.ABORTED));
        RecordingCaller caller = sign();
        core.time.advance(Duration.ofSeconds(5));
        assertThat(core.transport.tried()).hasSize(6);
        assertThat(caller.status).isIn(Code.ABORTED, Code.UNAVAILABLE);
    }

    @Test
    void aborted_whileTheAttemptThatHoldsTheKeyIsInFlight_awaitsThat() {
        core.register(keyed("p1"), keyed("p2"), keyed("p3"));
        core.transport.always("p1", stream -> stream.later(Duration.ofSeconds(2), () -> stream.answer("World")));
        core.transport.always("p2", Script.answers(Code.ABORTED));
        CoreFixture.Asked asked = core.ask(SIGN, Duration.ofSeconds(5), true);
        asked.send("Hello", true);
        core.time.advance(Duration.ofSeconds(3));
        asked.caller().assertAnswered("World");
    }

    // a call that another gateway had

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true"})
    void resent_runsByItsKeyOnly(boolean key, boolean honoured) {
        core.register(honoured ? keyed("p1") : passing("p1"), keyed("p2"), keyed("p3"));
        core.time.advance(Duration.ofMinutes(2));
        RecordingCaller caller = resent(key);
        if (key && honoured) {
            caller.assertAnswered("World");
        } else {
            assertThat(caller.status).isEqualTo(Code.UNAVAILABLE);
            assertThat(caller.message).isEqualTo(IN_DOUBT);
            assertThat(core.transport.tried()).isEmpty();
        }
    }

    @Test
    void resent_doesNotRun_whereAnInstanceWithoutKeysHasGoneALittleAgo() {
        core.register(keyed("p1"), keyed("p2"), passing("p3"));
        core.register(keyed("p1"), keyed("p2"), keyed("p3"));
        assertThat(resent(true).message).isEqualTo(IN_DOUBT);
        core.time.advance(Duration.ofMinutes(2));
        resent(true).assertAnswered("World");
    }

    @Test
    void resent_inVain_isSafeToSendAgain() {
        core.register(keyed("p1"), keyed("p2"), keyed("p3"));
        core.time.advance(Duration.ofMinutes(2));
        List.of("p1", "p2", "p3").forEach(id -> core.transport.always(id, Script.refusesConnection()));
        RecordingCaller caller = resent(true);
        core.time.advance(Duration.ofSeconds(5));
        assertThat(caller.message).as("the first gateway may have sent it").endsWith(SAFE);
    }

    @Test
    void resent_doesNotRun_whereTheGatewayKnowsInstancesForLessLongThanTheCallIsOnItsWay() {
        CoreFixture started = new CoreFixture();
        started.register(keyed("p1"), keyed("p2"));
        started.directory.markLoaded();
        started.describe();
        started.time.advance(Duration.ofSeconds(2));
        assertThat(resent(started, true, Duration.ofSeconds(5)).message)
                .as("it may have been executed by an instance that was gone when this gateway started")
                .isEqualTo(IN_DOUBT);
        resent(started, true, Duration.ofMillis(900)).assertAnswered("World");
        started.time.advance(Duration.ofSeconds(4));
        resent(started, true, Duration.ofSeconds(5)).assertAnswered("World");
        started.assertNothingLeft();
    }

    private RecordingCaller sign() {
        return call(SIGN);
    }

    private RecordingCaller call(String path) {
        CoreFixture.Asked asked = core.ask(path, null, true);
        asked.send("Hello", true);
        core.time.runDue();
        return asked.caller();
    }

    private RecordingCaller resent(boolean key) {
        return resent(core, key, Call.RESENT_AT_ANY_TIME);
    }

    private static RecordingCaller resent(CoreFixture core, boolean key, Duration after) {
        RecordingCaller caller = new RecordingCaller();
        Call call = new Call(SIGN, TestHeaders.NONE, Call.NO_DEADLINE, key, caller, core.time).withResentAfter(after);
        OngoingCall exchange = core.failover.start(call);
        exchange.send(core.chunks.of("Hello"), true);
        core.time.runDue();
        return caller;
    }
}
