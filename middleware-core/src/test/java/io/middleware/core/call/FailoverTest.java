package io.middleware.core.call;

import static io.middleware.core.fixture.CoreFixture.CHAT;
import static io.middleware.core.fixture.CoreFixture.SAY_HELLO;
import static io.middleware.core.fixture.CoreFixture.SIGN;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Code;
import io.middleware.core.Counts;
import io.middleware.core.Headers;
import io.middleware.core.Outcome;
import io.middleware.core.Settings;
import io.middleware.core.balancing.Balancer;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.fixture.RecordingCaller;
import io.middleware.core.fixture.Script;
import io.middleware.core.fixture.TestHeaders;
import io.middleware.core.instance.Pool;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The decision list of {@link Failover}, line by line. */
class FailoverTest {
    private CoreFixture core = CoreFixture.serving("p1", "p2", "p3");

    @AfterEach
    void nothingIsLeft() {
        core.assertNothingLeft();
    }

    @Nested
    class Unimplemented {
        @ParameterizedTest
        @CsvSource({
            SAY_HELLO + ", anything",
            SAY_HELLO + ", ''",
            CHAT + ", Method not found!",
            SIGN + ", ''",
            SIGN + ", Method not found: hello.v1.HelloService/Sign",
            SIGN + ", unknown service hello.v1.HelloService",
            SIGN + ", unknown method Sign for service hello.v1.HelloService",
            SIGN + ", The server does not implement the method /hello.v1.HelloService/Sign",
            SIGN + ", Service is unimplemented.",
            "/hello.v1.HelloService/NotDescribed, Method is unimplemented."
        })
        void byAnInstanceThatListsIt_goesToAnother(String path, String words) {
            core.transport.always("p1", Script.refuses(Code.UNIMPLEMENTED, words));
            core.transport.always("p2", Script.refuses(Code.UNIMPLEMENTED, words));
            core.call(path).assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p2", "p3");
            assertThat(core.transport.attempts.stream().map(attempt -> attempt.before))
                    .containsExactly(0, 1, 2);
        }

        @Test
        void byAll_isGivenToTheCallerUnchanged() {
            List.of("p1", "p2", "p3")
                    .forEach(id -> core.transport.always(id, Script.refuses(Code.UNIMPLEMENTED, "no such method")));
            RecordingCaller caller = core.call(SAY_HELLO);
            assertThat(caller.heard).containsExactly("trailers UNIMPLEMENTED");
            assertThat(caller.message).isEqualTo("no such method");
            assertThat(core.transport.tried()).containsExactly("p1", "p2", "p3");
        }

        @Test
        void ofANonIdempotentCall_inTheApplicationsWords_isGivenToTheCaller() {
            core.transport.always("p1", Script.refuses(Code.UNIMPLEMENTED, "no signatures on Sundays"));
            assertThat(core.call(SIGN).message).isEqualTo("no signatures on Sundays");
            assertThat(core.transport.tried()).containsExactly("p1");
        }

        @Test
        void afterHeldHeaders_goesToAnother() {
            core.transport.always("p1", Script.answersLate(Code.UNIMPLEMENTED));
            core.call(SAY_HELLO).assertAnswered("World");
        }

        @Test
        void afterHeadersOfAStream_isGivenToTheCaller() {
            core.transport.always("p1", Script.answersLate(Code.UNIMPLEMENTED));
            assertThat(core.call(CHAT).heard).containsExactly("headers", "trailers UNIMPLEMENTED");
        }

        @Test
        void isNoReasonToTryEjectedInstances() {
            core.outliers.eject(core.instance("p2"), Counts.Cause.UNREACHABLE, "by the test");
            core.outliers.eject(core.instance("p3"), Counts.Cause.UNREACHABLE, "by the test");
            core.transport.always("p1", Script.answers(Code.UNIMPLEMENTED));
            assertThat(core.call(SAY_HELLO).heard).containsExactly("trailers UNIMPLEMENTED");
            assertThat(core.transport.tried()).containsExactly("p1");
        }

        @Test
        void isTriedElsewhereUpToTheLimitOfAttempts() {
            core = CoreFixture.serving(CoreFixture.repeating(2, Duration.ofMillis(20)), "p1", "p2", "p3");
            List.of("p1", "p2", "p3").forEach(id -> core.transport.always(id, Script.answers(Code.UNIMPLEMENTED)));
            assertThat(core.call(SAY_HELLO).heard).containsExactly("trailers UNIMPLEMENTED");
            assertThat(core.transport.tried()).containsExactly("p1", "p2");
        }

        @Test
        void costsNoBudget() {
            core = CoreFixture.serving(
                    CoreFixture.repeating(6, Duration.ofMillis(20), new Settings.Budget(0, 0, 1)), "p1", "p2");
            assertThat(core.service().budget().withdraw()).as("there is none").isFalse();
            core.transport.always("p1", Script.answers(Code.UNIMPLEMENTED));
            core.call(SAY_HELLO).assertAnswered("World");
        }
    }

    @Nested
    class Answered {
        @Test
        void ok_isGivenToTheCaller() {
            core.call(SAY_HELLO).assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1");
        }

        @ParameterizedTest
        @EnumSource(
                value = Code.class,
                mode = EnumSource.Mode.EXCLUDE,
                names = {"OK", "UNAVAILABLE", "UNIMPLEMENTED"})
        void applicationError_isGivenToTheCaller(Code code) {
            core.transport.always("p1", Script.answers(code));
            assertThat(core.call(SAY_HELLO).heard).containsExactly("trailers " + code);
            assertThat(core.transport.tried()).containsExactly("p1");
        }

        @Test
        void refusalOfAnIdempotentCall_goesToAnotherInstance() {
            core.transport.always("p1", Script.answers(Code.UNAVAILABLE));
            core.call(SAY_HELLO).assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p2");
        }

        @ParameterizedTest
        @EnumSource(names = {"UNAVAILABLE", "RESOURCE_EXHAUSTED"})
        void refusalOfANonIdempotentCall_isGivenToTheCaller(Code code) {
            core.transport.always("p1", Script.answers(code));
            assertThat(core.call(SIGN).heard).containsExactly("trailers " + code);
            assertThat(core.transport.tried()).containsExactly("p1");
        }

        @ParameterizedTest
        @ValueSource(strings = {SIGN, "/hello.v1.HelloService/NotDescribed"})
        void refusalOfANonIdempotentCall_isGivenInTheServersWords(String path) {
            core.transport.always("p1", Script.refuses(Code.UNAVAILABLE, "disk full"));
            assertThat(core.call(path).message).isEqualTo("disk full");
        }

        @Test
        void refusalAfterHeaders_ofANonIdempotentCall_isGivenToTheCaller() {
            core.transport.always("p1", Script.answersLate(Code.UNAVAILABLE));
            RecordingCaller caller = core.call(SIGN);
            assertThat(caller.heard).containsExactly("headers", "trailers UNAVAILABLE");
            assertThat(caller.message).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {SAY_HELLO, SIGN, CHAT})
        void applicationError_isGivenInTheServersWords(String path) {
            core.transport.always("p1", Script.refuses(Code.NOT_FOUND, "no such book"));
            assertThat(core.call(path).message).isEqualTo("no such book");
        }

        @Test
        void longWordsOfARefusal_areGivenWhole_andCutWhereItIsToldWhatWasTried() {
            core.transport.always("p1", Script.refuses(Code.UNAVAILABLE, "x".repeat(10_000)));
            CoreFixture.Asked asked = core.ask(SIGN);
            asked.send("Hello", true);
            core.time.runDue();
            assertThat(asked.caller().message).hasSize(10_000);
            assertThat(asked.exchange().tried(true))
                    .contains(": " + "x".repeat(500) + "...")
                    .hasSizeLessThan(600);
        }

        @Test
        void refusalAfterHeaders_ofAUnaryIdempotentCall_goesToAnotherInstance_andTheCallerSeesOneResponse() {
            core.transport.always("p1", Script.answersLate(Code.UNAVAILABLE));
            core.call(SAY_HELLO).assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p2");
        }

        @Test
        void refusalAfterHeaders_ofAStream_isGivenToTheCaller() {
            core.transport.always("p1", Script.answersLate(Code.UNAVAILABLE));
            assertThat(core.call(CHAT).heard).containsExactly("headers", "trailers UNAVAILABLE");
            assertThat(core.transport.tried()).containsExactly("p1");
        }

        @Test
        void errorAfterHeldHeaders_reachesTheCallerWithThem() {
            core.transport.always("p1", Script.answersLate(Code.NOT_FOUND));
            assertThat(core.call(SAY_HELLO).heard).containsExactly("headers", "trailers NOT_FOUND");
        }

        @Test
        void refusalByAll_givesTheLastServersResponse_unchanged() {
            core = CoreFixture.serving(CoreFixture.repeating(2, Duration.ofMillis(20)), "p1", "p2");
            core.transport.always("p1", Script.answers(Code.UNAVAILABLE));
            Headers full = new TestHeaders(
                    Code.UNAVAILABLE, "no worker is free", List.of("grpc-status-details-bin: AA", "x-more: kept"));
            core.transport.always("p2", stream -> stream.whenRequestIsWhole(() -> stream.trailers(full)));
            CoreFixture.Asked asked = ask(SAY_HELLO);
            assertThat(asked.caller().trailing).isSameAs(full);
            assertThat(asked.exchange().attempts()).isEqualTo(2);
            assertThat(asked.exchange().tried(true))
                    .isEqualTo(
                            "p1 (primary): answered UNAVAILABLE; p2 (primary): answered UNAVAILABLE: no worker is free");
            assertThat(asked.exchange().tried(false)).isEqualTo("answered: UNAVAILABLE; answered: UNAVAILABLE");
            assertThat(asked.exchange().answeredBy()).isSameAs(core.instance("p2"));
        }

        @Test
        void responseOfAServer_isWorthMoreThanOurWords() {
            core = CoreFixture.serving(CoreFixture.repeating(3, Duration.ofMillis(20)), "p1", "p2", "p3");
            core.transport.always("p1", Script.refuses(Code.UNAVAILABLE, "busy"));
            core.transport.always("p2", Script.refusesConnection());
            core.transport.always("p3", Script.breaks());
            CoreFixture.Asked asked = ask(SAY_HELLO);
            core.time.advance(Duration.ofSeconds(1));
            assertThat(asked.caller().heard).containsExactly("trailers UNAVAILABLE");
            assertThat(asked.caller().message).isEqualTo("busy");
            assertThat(asked.exchange().answeredBy()).isSameAs(core.instance("p1"));
            assertThat(asked.exchange().tried(false))
                    .startsWith("answered: UNAVAILABLE; unsent: UNAVAILABLE; in doubt: UNAVAILABLE");
        }

        @Test
        void deadlineThatPassesAfterARefusal_isTheDeadlines() {
            core.transport.always("p1", Script.refuses(Code.UNAVAILABLE, "busy"));
            core.transport.always("p2", Script.staysSilent());
            CoreFixture.Asked asked = core.ask(SAY_HELLO, Duration.ofMillis(50));
            asked.send("Hello", true);
            core.time.advance(Duration.ofMillis(50));
            assertThat(asked.caller().status).isEqualTo(Code.DEADLINE_EXCEEDED);
        }

        private CoreFixture.Asked ask(String path) {
            CoreFixture.Asked asked = core.ask(path);
            asked.send("Hello", true);
            core.time.runDue();
            return asked;
        }
    }

    @Nested
    class Rejected {
        private static final Outcome REJECTED = Outcome.rejected(Code.INTERNAL, "the stream was reset: PROTOCOL_ERROR");
        private static final Outcome BROKEN = Outcome.brokenByRequest("the connection was ended: PROTOCOL_ERROR");
        private static final Outcome UNSENT = Outcome.unsentByRequest("the connection was ended: PROTOCOL_ERROR");

        @ParameterizedTest
        @ValueSource(strings = {SAY_HELLO, SIGN, CHAT})
        void request_goesNowhereElse(String path) {
            core.transport.always("p1", Script.ends(REJECTED));
            RecordingCaller caller = core.call(path);
            caller.assertFailed(
                    Code.INTERNAL,
                    "hello-service gave no response: p1 (primary): the stream was reset: PROTOCOL_ERROR."
                            + " Not retried: it objects to the request itself, and what that breaks at one instance it would break at"
                            + " others"
                            + (path.equals(SIGN) ? ". Note that it may already have run and is not idempotent" : ""));
            assertThat(core.transport.tried()).containsExactly("p1");
        }

        @Test
        void requests_ejectNobody() {
            core.transport.always("p1", Script.ends(REJECTED));
            for (int i = 0; i < 100; i++) {
                core.call(SAY_HELLO);
            }
            assertThat(core.instance("p1").ejected()).isFalse();
        }

        @Test
        void hedge_isAwaited() {
            core.transport.always("p1", stream -> stream.later(Duration.ofSeconds(2), () -> stream.fail(REJECTED)));
            core.transport.always("p2", stream -> stream.later(Duration.ofSeconds(3), () -> stream.answer("World")));
            RecordingCaller caller = core.call(SAY_HELLO);
            core.time.advance(Duration.ofSeconds(5));
            caller.assertAnswered("World");
        }

        @Test
        void callOnAConnectionThatAStrangersRequestEnded_movesOnce() {
            core.transport.always("p1", Script.ends(BROKEN));
            core.call(SAY_HELLO).assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p2");
        }

        @Test
        void callOnTwoConnectionsThatARequestEnded_isTakenForThatRequest() {
            core.transport.always("p1", Script.ends(BROKEN));
            core.transport.always("p2", Script.ends(BROKEN));
            assertThat(core.call(SAY_HELLO).heard).containsExactly("failed UNAVAILABLE");
            assertThat(core.transport.tried()).containsExactly("p1", "p2");
        }

        @Test
        void sameHoldsForOneThatWasNotExecuted() {
            core.transport.always("p1", Script.ends(UNSENT));
            core.call(SIGN).assertAnswered("World");
            core.transport.always("p2", Script.ends(UNSENT));
            assertThat(core.call(SIGN).heard).containsExactly("failed UNAVAILABLE");
            assertThat(core.transport.tried()).containsExactly("p1", "p2", "p1", "p2");
        }
    }

    @Nested
    class NothingToSendAgain {
        @Test
        void responseBegunThenBroken_isToldAndNeverRetried() {
            core.transport.always("p1", Script.breaksInTheAnswer());
            RecordingCaller caller = core.call(SAY_HELLO);
            assertThat(caller.heard).containsExactly("headers", "Wor", "failed UNAVAILABLE");
            caller.assertFailed(Code.UNAVAILABLE, "p1 broke off in the middle of its response: connection reset");
            assertThat(caller.message)
                    .isEqualTo("an instance of hello-service broke off in the middle of its response");
            assertThat(core.transport.tried()).containsExactly("p1");
        }

        @Test
        void responseBegunThenBroken_ofANonIdempotentCall_tellsThatItMayHaveRun() {
            core.transport.always("p1", Script.breaksInTheAnswer());
            core.call(SIGN)
                    .assertFailed(
                            Code.UNAVAILABLE,
                            "p1 broke off in the middle of its response: connection reset."
                                    + " Not retried: it may already have run and is not idempotent");
        }

        @Test
        void requestTooLargeToBeKept_isNotRetried_evenWhenUnsent() {
            core = CoreFixture.serving(CoreFixture.keeping(4), "p1", "p2");
            core.transport.always("p1", Script.unsent());
            core.call(SAY_HELLO)
                    .assertFailed(
                            Code.UNAVAILABLE,
                            "hello-service gave no response: p1 (primary): stream refused."
                                    + " Not retried: the request was too large to be kept for another attempt");
            assertThat(core.transport.tried()).containsExactly("p1");
        }

        @Test
        void requestTooLargeToBeKept_inDoubtAndNotIdempotent_isToldThatItMayHaveRun() {
            core = CoreFixture.serving(CoreFixture.keeping(4), "p1", "p2");
            core.transport.always("p1", Script.breaks());
            assertThat(core.call(SIGN).failure.message()).endsWith("it may already have run and is not idempotent");
        }

        @Test
        void requestTooLargeToBeKept_refusedByTheServer_getsTheServersResponse() {
            core = CoreFixture.serving(CoreFixture.keeping(4), "p1", "p2");
            core.transport.always("p1", Script.answers(Code.UNAVAILABLE));
            RecordingCaller caller = core.call(SAY_HELLO);
            assertThat(caller.heard).containsExactly("trailers UNAVAILABLE");
            assertThat(caller.message).isEmpty();
        }

        @Test
        void requestTooLargeToBeKept_getsItsResponseAllTheSame() {
            core = CoreFixture.serving(CoreFixture.keeping(4), "p1", "p2");
            core.call(SAY_HELLO).assertAnswered("World");
        }
    }

    @Nested
    class Unsent {
        @ParameterizedTest
        @ValueSource(strings = {SAY_HELLO, SIGN, CHAT, "/hello.v1.HelloService/NotDescribed"})
        void anyMethod_movesToAnotherInstance(String path) {
            core.transport.always("p1", Script.unsent());
            core.transport.always("p2", Script.refusesConnection());
            core.call(path).assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p2", "p3");
        }

        @Test
        void moves_atOnce() {
            core.transport.always("p1", Script.unsent());
            long before = core.time.nanos();
            core.call(SIGN).assertAnswered("World");
            assertThat(core.time.nanos()).isEqualTo(before);
        }

        @Test
        void moves_freeOfBudgetAndBeyondTheLimitOfAttempts() {
            core = CoreFixture.serving(
                    CoreFixture.repeating(1, Duration.ofMillis(20), new Settings.Budget(0, 0, 1)), "p1", "p2", "p3");
            core.transport.always("p1", Script.unsent());
            core.transport.always("p2", Script.unsent());
            core.call(SIGN).assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p2", "p3");
        }

        @Test
        void byAll_waitsAndTriesThemAgain_whateverTheMethod() {
            core.transport.next("p1", Script.unsent());
            core.transport.next("p2", Script.unsent());
            core.transport.next("p3", Script.unsent());
            RecordingCaller caller = core.call(SIGN);
            assertThat(caller.heard).isEmpty();
            core.time.advance(Duration.ofMillis(40));
            caller.assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p2", "p3", "p1");
        }
    }

    @Nested
    class InDoubt {
        @ParameterizedTest
        @ValueSource(strings = {SIGN, "/hello.v1.HelloService/NotDescribed"})
        void nonIdempotentMethod_isToldThatItMayHaveRun(String path) {
            core.transport.always("p1", Script.breaks());
            core.call(path)
                    .assertFailed(
                            Code.UNAVAILABLE,
                            "hello-service gave no response: p1 (primary): connection reset."
                                    + " Not retried: it may already have run and is not idempotent");
            assertThat(core.transport.tried()).containsExactly("p1");
        }

        @ParameterizedTest
        @ValueSource(strings = {SAY_HELLO, CHAT})
        void idempotentMethod_goesToAnotherInstanceAtOnce(String path) {
            core.transport.always("p1", Script.breaks());
            core.call(path).assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p2");
        }

        @ParameterizedTest
        @ValueSource(strings = {SAY_HELLO, CHAT})
        void idempotentMethod_isNotRetried_whereTheInstanceMayBeOfAnotherVersion(String path) {
            core.transport.always("p1", Script.breaks());
            core.instance("p1").version().renewed();
            core.call(path);
            assertThat(core.transport.tried()).containsExactly("p1");

            core.instance("p1")
                    .version()
                    .described(core.instance("p1").version().renewals());
            core.call(path).assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p1", "p2");
        }

        @ParameterizedTest
        @CsvSource({"0, true", "1, false"})
        void idempotentMethod_onAConnection_isRetriedWhereThatIsOfTheDescribedVersion(
                int connectedAt, boolean repeated) {
            core.transport.always("p1", stream -> {
                stream.connectedAt = connectedAt;
                Script.breaks().play(stream);
            });
            core.instance("p1").version().renewed();
            core.call(SAY_HELLO);
            assertThat(core.transport.tried().size() > 1).isEqualTo(repeated);
        }

        @Test
        void idempotentMethod_thatAnotherVersionNeverGot_movesAndIsRetried() {
            core.transport.always("p1", Script.refusesConnection());
            core.transport.always("p2", Script.breaks());
            core.instance("p1").version().renewed();
            core.call(SAY_HELLO).assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p2", "p3");
        }

        @Test
        void nonIdempotentMethod_movedFirst_namesBoth() {
            core.transport.always("p1", Script.refusesConnection());
            core.transport.always("p2", Script.breaks());
            core.call(SIGN)
                    .assertFailed(
                            Code.UNAVAILABLE,
                            "hello-service gave no response: p1 (primary): connection refused;"
                                    + " p2 (primary): connection reset. Not retried: it may already have run and is not idempotent");
        }
    }

    @Nested
    class Limits {
        @Test
        void allRefused_isRetriedAfterABackOff_upToTheLimit_andToldOncePerInstance() {
            core = CoreFixture.serving("p1", "p2", "p3", "s1");
            for (String id : List.of("p1", "p2", "p3", "s1")) {
                core.transport.always(id, Script.refusesConnection());
            }
            RecordingCaller caller = core.call(SAY_HELLO);
            core.time.advance(Duration.ofMillis(50));
            assertThat(core.transport.tried()).containsExactly("p1", "p2", "p3", "s1", "p1", "p2");
            caller.assertFailed(
                    Code.UNAVAILABLE,
                    "hello-service gave no response: p1 (primary): connection refused (2 times);"
                            + " p2 (primary): connection refused (2 times); p3 (primary): connection refused;"
                            + " s1 (secondary): connection refused. Not retried: the limit of attempts is reached");
            assertThat(caller.message)
                    .isEqualTo("hello-service gave no response (4 instances tried)."
                            + " Not retried: the limit of attempts is reached");
        }

        @Test
        void attempts_endTheCall() {
            core = CoreFixture.serving("p1", "p2");
            core.transport.always("p1", Script.breaks());
            core.transport.always("p2", Script.breaks());
            RecordingCaller caller = core.call(SAY_HELLO);
            core.time.advance(Duration.ofSeconds(5));
            assertThat(core.transport.tried()).containsExactly("p1", "p2", "p1", "p2", "p1", "p2");
            assertThat(caller.status).isEqualTo(Code.UNAVAILABLE);
            assertThat(caller.failure.message()).endsWith("Not retried: the limit of attempts is reached");
        }

        @Test
        void backOff_isWaitedOnlyWhenNoUntriedInstanceIsLeft() {
            core.transport.always("p1", Script.breaks());
            core.transport.always("p2", Script.breaks());
            core.transport.next("p3", Script.breaks());
            RecordingCaller caller = core.call(SAY_HELLO);
            assertThat(core.transport.tried()).containsExactly("p1", "p2", "p3");
            assertThat(caller.heard).isEmpty();
            core.time.advance(Duration.ofMillis(500));
            caller.assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p2", "p3", "p1", "p2", "p3");
        }

        @Test
        void backOff_isHalfToOneAndAHalfOfTheFirst_whenItIsTheFirst() {
            core = CoreFixture.serving("p1");
            core.transport.next("p1", Script.breaks());
            RecordingCaller caller = core.call(SAY_HELLO);
            core.time.advance(Duration.ofMillis(9));
            assertThat(core.transport.tried()).containsExactly("p1");
            core.time.advance(Duration.ofMillis(23));
            caller.assertAnswered("World");
        }

        @Test
        void backOffOfAMillisecond_isNeverNoneAtAll() {
            core = CoreFixture.serving(CoreFixture.repeating(2, Duration.ofMillis(1)), "p1");
            for (int i = 0; i < 100; i++) {
                core.transport.next("p1", Script.unsent());
                RecordingCaller caller = core.call(SAY_HELLO);
                assertThat(caller.heard).as("before the back-off").isEmpty();
                core.time.advance(Duration.ofMillis(100));
                caller.assertAnswered("World");
            }
        }

        @Test
        void backOff_growsToASecondAtMost() {
            core = CoreFixture.serving(CoreFixture.repeating(100, Duration.ofMillis(20)), "p1");
            core.transport.always("p1", Script.unsent());
            RecordingCaller caller = core.ask(CHAT).caller();
            core.time.advance(Duration.ofSeconds(160));
            assertThat(core.transport.attempts).hasSize(100);
            assertThat(caller.status).isEqualTo(Code.UNAVAILABLE);
        }

        @Test
        void usedUpBudget_endsTheCall() {
            core = CoreFixture.serving(
                    CoreFixture.repeating(6, Duration.ofMillis(20), new Settings.Budget(0, 0, 1)), "p1", "p2");
            core.transport.always("p1", Script.breaks());
            core.call(SAY_HELLO)
                    .assertFailed(
                            Code.UNAVAILABLE,
                            "hello-service gave no response: p1 (primary): connection reset."
                                    + " Not retried: the retry budget is used up");
            assertThat(core.transport.tried()).containsExactly("p1");
        }

        @Test
        void budget_isFedByCalls() {
            core = CoreFixture.serving(
                    CoreFixture.repeating(6, Duration.ofMillis(20), new Settings.Budget(0.5, 0, 1)), "p1", "p2");
            core.transport.always("p1", Script.answers(Code.UNAVAILABLE));
            assertThat(core.call(SAY_HELLO).status).isEqualTo(Code.UNAVAILABLE);
            assertThat(core.call(SAY_HELLO).status).isEqualTo(Code.OK);
            assertThat(core.call(SAY_HELLO).status).isEqualTo(Code.UNAVAILABLE);
        }
    }

    @Nested
    class Pools {
        @Test
        void primaryThenSecondaryThenEjectedThenFailing_areTriedInThisOrder() {
            core = CoreFixture.serving("p1", "p2", "s1", "p3");
            core.register(
                    CoreFixture.passing("p1"),
                    CoreFixture.passing("p2"),
                    CoreFixture.passing("s1"),
                    CoreFixture.failing("p3"));
            core.outliers.eject(core.instance("p1"), Counts.Cause.UNREACHABLE, "by the test");
            core.transport.probeHangs("p1");
            core.transport.always("p1", Script.refusesConnection());
            core.transport.always("p2", Script.refusesConnection());
            core.transport.always("s1", Script.unsent());
            core.call(SIGN).assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p2", "s1", "p1", "p3");
        }

        @Test
        void allDead_isAClearErrorThatNamesEachInstanceAndWhy() {
            core = CoreFixture.serving(CoreFixture.repeating(1, Duration.ofMillis(20)), "p1", "p2", "s1");
            core.transport.always("p1", Script.refusesConnection());
            core.transport.always("p2", Script.unsent());
            core.transport.always("s1", Script.breaks());
            core.call(SAY_HELLO)
                    .assertFailed(
                            Code.UNAVAILABLE,
                            "hello-service gave no response: p1 (primary): connection refused;"
                                    + " p2 (primary): stream refused; s1 (secondary): connection reset."
                                    + " Not retried: the limit of attempts is reached");
        }

        @Test
        void secondary_respondsWhenNoPrimaryCan_andIsNamed() {
            core = CoreFixture.serving("p1", "s1");
            core.transport.always("p1", Script.refusesConnection());
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.send("Hello", true);
            core.time.runDue();
            asked.caller().assertAnswered("World");
            assertThat(asked.exchange().answeredBy().id()).isEqualTo("s1");
            assertThat(asked.exchange().answeredBy().pool()).isEqualTo(Pool.SECONDARY);
            assertThat(asked.exchange().attempts()).isEqualTo(2);
        }
    }

    @Nested
    class Unknown {
        @Test
        void service_isUnimplemented() {
            CoreFixture.Asked asked = core.ask("/other.Service/Method");
            asked.caller().assertFailed(Code.UNIMPLEMENTED, "no registered service serves other.Service");
            assertThat(asked.exchange()).isNull();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "/", "//", "/Method", "Service/Method", "/pkg.Service/", "//Method"})
        void path_isUnimplementedAndSaysWhatAPathLooksLike(String path) {
            core.ask(path)
                    .caller()
                    .assertFailed(Code.UNIMPLEMENTED, "no method: " + path + " (expected: /package.Service/Method)");
        }

        @Test
        void service_beforeTheRegistryHasSpoken_isUnavailable() {
            core = new CoreFixture();
            core.ask(SAY_HELLO)
                    .caller()
                    .assertFailed(Code.UNAVAILABLE, "the registry has not said yet which services there are");
        }

        @Test
        void serviceThatIsGone_isUnimplemented() {
            core.register(CoreFixture.failing("p1"), CoreFixture.passing("p2"), CoreFixture.passing("p3"));
            core.register(CoreFixture.passing("p2"));
            core.register();
            core.call(SAY_HELLO).assertAnswered("World");
            core.time.advance(Duration.ofSeconds(61));
            core.directory.expire();
            core.transport.attempts.clear();
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.caller().assertFailed(Code.UNIMPLEMENTED, "no registered service serves hello.v1.HelloService");
            assertThat(asked.exchange()).isNull();
            assertThat(core.transport.attempts).isEmpty();
        }

        @Test
        void serviceInMaintenance_isUnavailable() {
            core.register(
                    CoreFixture.inMaintenance("p1"), CoreFixture.inMaintenance("p2"), CoreFixture.inMaintenance("p3"));
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.caller()
                    .assertFailed(Code.UNAVAILABLE, "each instance of hello-service that serves it is in maintenance");
            asked.send("Hello", true);
            assertThat(asked.exchange().answeredBy()).isNull();
            assertThat(core.transport.attempts).isEmpty();
        }
    }

    @Nested
    @DisplayName("A balancer of the user's own")
    class BalancerOfOnesOwn {
        @Test
        void thatThrows_endsTheCallWithAClearError() {
            core = withBalancer(candidates -> {
                throw new IllegalStateException("no idea");
            });
            core.call(SAY_HELLO)
                    .assertFailed(
                            Code.INTERNAL,
                            "the balancer of hello-service failed: java.lang.IllegalStateException: no idea");
        }

        @Test
        void thatThrowsOnTheRetry_endsTheCallWithAClearError() {
            core = withBalancer(candidates -> {
                if (candidates.size() == 2) {
                    return candidates.getFirst();
                }
                throw new IllegalStateException("no idea");
            });
            core.transport.always("p1", Script.unsent());
            core.call(SAY_HELLO)
                    .assertFailed(
                            Code.INTERNAL,
                            "hello-service gave no response: p1 (primary): stream refused."
                                    + " Not retried: the balancer of hello-service failed: java.lang.IllegalStateException: no idea");
        }

        @Test
        void thatFindsNoneOnTheRetry_startsOver() {
            core = withBalancer(candidates -> candidates.size() == 2 ? candidates.getFirst() : null);
            core.transport.next("p1", Script.unsent());
            core.call(SAY_HELLO).assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p1");
        }

        @Test
        void thatFindsNone_endsTheCall() {
            core = withBalancer(candidates -> null);
            core.call(SAY_HELLO).assertFailed(Code.UNAVAILABLE, "no instance of hello-service is registered");
        }

        private CoreFixture withBalancer(Balancer balancer) {
            CoreFixture made = new CoreFixture(Settings.defaults(), balancer);
            made.register(CoreFixture.passing("p1"), CoreFixture.passing("p2"));
            made.directory.markLoaded();
            return made;
        }
    }

    @Test
    void instanceThatGoesAwayDuringTheCall_isNotWaitedFor() {
        core = new CoreFixture();
        core.register(CoreFixture.passing("p1"), CoreFixture.passing("p2"), CoreFixture.passing("p3"));
        core.directory.markLoaded();
        core.transport.next("p1", Script.unsent());
        core.transport.next("p2", Script.unsent());
        CoreFixture.Asked asked = core.ask(SIGN);
        asked.send("Hello", true);
        core.register(CoreFixture.passing("p1"), CoreFixture.passing("p2"));
        core.time.runDue();
        core.time.advance(Duration.ofMillis(40));
        asked.caller().assertAnswered("World");
        assertThat(core.transport.tried()).containsExactly("p1", "p2", "p1");
    }
}
