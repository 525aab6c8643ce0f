package io.middleware.core.stale;

import static io.middleware.core.fixture.CoreFixture.CHAT;
import static io.middleware.core.fixture.CoreFixture.SAY_HELLO;
import static io.middleware.core.fixture.CoreFixture.SIGN;
import static io.middleware.core.fixture.CoreFixture.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.middleware.core.Code;
import io.middleware.core.Counts;
import io.middleware.core.Headers;
import io.middleware.core.MethodTraits;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.fixture.RecordingCaller;
import io.middleware.core.fixture.Script;
import io.middleware.core.fixture.TestHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which responses are kept, and which calls get one. */
class StaleResponsesTest {
    private static final int LARGEST = 20;
    private static final StaleResponses.Policy ALL_METHODS =
            new StaleResponses.Policy(Set.of(), Set.of(CoreFixture.GRPC_SERVICE), List.of("accept-language"), LARGEST);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final CoreFixture core = CoreFixture.serving(ALL_METHODS, "p1", "p2", "s1");

    @AfterEach
    void nothingIsLeft() {
        core.time.advance(LONG);
        core.assertNothingLeft();
    }

    @Nested
    class Given {
        @Test
        void whenNoConnectionCanBeMade() {
            core.call(SAY_HELLO).assertAnswered("World");
            allAre(Script.refusesConnection());

            CoreFixture.Asked asked = ask(SAY_HELLO, "Hello");

            asked.caller().assertAnswered("World");
            assertThat(asked.exchange().answeredBy())
                    .as("no instance responded")
                    .isNull();
            assertThat(asked.exchange().attempts())
                    .isEqualTo(core.transport.attempts.size() - 1)
                    .isGreaterThan(2);
        }

        @Test
        void whenAllServersRefuse_insteadOfTheLastRefusal() {
            core.call(SAY_HELLO);
            allAre(Script.answers(Code.UNAVAILABLE));
            ask(SAY_HELLO, "Hello").caller().assertAnswered("World");
        }

        @Test
        void whenAllServersRefuseAfterTheirHeaders_withItsOwnHeaders() {
            core.transport.next(
                    "p1",
                    stream -> stream.whenRequestIsWhole(() -> {
                        stream.headers(TestHeaders.of("from: p1"));
                        stream.chunk("World");
                        stream.trailers(Code.OK);
                    }));
            core.call(SAY_HELLO);
            allAre(Script.answersLate(Code.UNAVAILABLE));

            RecordingCaller caller = ask(SAY_HELLO, "Hello").caller();

            caller.assertAnswered("World");
            assertThat(caller.leading.get("from")).isEqualTo("p1");
        }

        @Test
        void whenAllConnectionsBreak() {
            core.call(SAY_HELLO);
            allAre(Script.breaks());
            ask(SAY_HELLO, "Hello").caller().assertAnswered("World");
        }

        @Test
        void whenNoInstanceMayBeCalled() {
            core.call(SAY_HELLO);
            putAllInMaintenance();

            CoreFixture.Asked asked = ask(SAY_HELLO, "Hello");

            asked.caller().assertAnswered("World");
            assertThat(asked.exchange().attempts()).isZero();
        }

        @Test
        void whenNoTimeIsLeftForAnotherAttempt() {
            core.call(SAY_HELLO);
            allAre(Script.refusesConnection());
            CoreFixture.Asked asked = core.ask(SAY_HELLO, Duration.ofMillis(5));
            asked.send("Hello", true);
            core.time.runDue();
            asked.caller().assertAnswered("World");
        }

        @Test
        void afterSecondaries() {
            core.call(SAY_HELLO);
            core.transport.always("p1", Script.refusesConnection());
            core.transport.always("p2", Script.refusesConnection());
            core.transport.always("s1", Script.answers("World of the secondary"));

            CoreFixture.Asked asked = ask(SAY_HELLO, "Hello");

            asked.caller().assertAnswered("World of the secondary");
            assertThat(asked.exchange().age()).isNull();
        }

        @Test
        void withItsAge_whichGoesOnWhenItIsGivenAgain() {
            core.call(SAY_HELLO);
            putAllInMaintenance();
            long at = core.kept.responses.values().iterator().next().at();
            for (int i = 0; i < 2; i++) {
                core.time.advance(Duration.ofMillis(1_500));
                Duration age = Duration.ofNanos(core.time.nanos() - at);
                assertThat(ask(SAY_HELLO, "Hello").exchange().age()).isEqualTo(age);
            }
        }

        @Test
        void newest_afterOthersToAnEqualRequest() {
            core.transport.next("p1", Script.answers("old"), Script.answers("new"), Script.answers(Code.NOT_FOUND));
            for (int i = 0; i < 3; i++) {
                core.call(SAY_HELLO);
            }
            putAllInMaintenance();
            ask(SAY_HELLO, "Hello").caller().assertAnswered("new");
        }

        @Test
        void toTheSameMessage_inAnyChunks() {
            CoreFixture.Asked chunks = core.ask(SAY_HELLO);
            chunks.send("Hel", false);
            chunks.send("l", false);
            chunks.send("o", false);
            chunks.exchange().halfClose();
            core.time.runDue();
            putAllInMaintenance();
            ask(SAY_HELLO, "Hello").caller().assertAnswered("World");
        }

        @Test
        void isCounted_andTheCallAsSucceeded() {
            core.call(SAY_HELLO);
            putAllInMaintenance();
            List<Code> ends = new ArrayList<>();
            core.service().counts().listen((code, nanos) -> ends.add(code));
            ask(SAY_HELLO, "Hello");
            assertThat(core.service().counts().fallbacks(Counts.Fallback.STALE)).isEqualTo(1);
            assertThat(ends).containsExactly(Code.OK);
        }

        @Test
        void callerThatCancelsAtItsHeaders_getsNoMore() {
            core.call(SAY_HELLO);
            putAllInMaintenance();
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.caller().onHeaders = asked::cancel;
            asked.send("Hello", true);
            assertThat(asked.caller().heard).containsExactly("headers");
        }

        @Test
        void ofOneListedMethod_andNoOther() {
            CoreFixture one = CoreFixture.serving(
                    new StaleResponses.Policy(Set.of(SAY_HELLO), Set.of(), List.of(), LARGEST), "p1");
            one.service()
                    .describe(Map.of(
                            SAY_HELLO,
                            one.service().traits(SAY_HELLO),
                            CHAT,
                            new MethodTraits(true, MethodTraits.Idempotency.NO_SIDE_EFFECTS)));
            one.call(SAY_HELLO);
            one.call(CHAT);
            assertThat(one.kept.responses).hasSize(1);
        }
    }

    /** The request is not complete yet when all instances have failed. */
    @Nested
    class IncompleteRequest {
        @Test
        void rest_isAwaited() {
            core.call(SAY_HELLO);
            putAllInMaintenance();
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.send("Hel", false);
            core.time.advance(Duration.ofSeconds(1));
            assertThat(asked.caller().heard).isEmpty();
            assertThat(asked.exchange().writable()).isTrue();
            asked.send("lo", false);
            asked.exchange().halfClose();
            asked.caller().assertAnswered("World");
        }

        @Test
        void callerThatWasHeldBack_isAskedForMore() {
            core.call(SAY_HELLO);
            allAre(Script.refusesConnection());
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.send("Hel", false);
            int before = asked.caller().writabilityChanges;
            core.time.advance(Duration.ofSeconds(3));
            assertThat(asked.caller().writabilityChanges).isGreaterThan(before);
            assertThat(asked.exchange().writable()).isTrue();
            asked.send("lo", true);
            asked.caller().assertAnswered("World");
        }

        @Test
        void restThatDoesNotComeInTime_endsTheCallWithTheFailure() {
            putAllInMaintenance();
            CoreFixture.Asked asked = core.ask(SAY_HELLO, Duration.ofSeconds(2));
            asked.send("Hel", false);
            core.time.advance(Duration.ofSeconds(2));
            asked.caller()
                    .assertFailed(Code.UNAVAILABLE, "each instance of hello-service that serves it is in maintenance");
            asked.send("lo", true);
        }

        @Test
        void unequalRequest_getsTheRefusalOfTheLastServer() {
            core.call(SAY_HELLO);
            allAre(stream -> stream.later(Duration.ZERO, () -> stream.trailers(Code.UNAVAILABLE, "disk full")));
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.send("Good", false);
            core.time.advance(Duration.ofSeconds(3));
            assertThat(asked.caller().heard).isEmpty();
            asked.send("bye", true);
            assertThat(asked.caller().heard).containsExactly("trailers UNAVAILABLE");
            assertThat(asked.caller().message).isEqualTo("disk full");
            assertThat(asked.exchange().answeredBy()).isNotNull();
        }

        @Test
        void requestThatGetsTooLarge_isNotAwaited() {
            putAllInMaintenance();
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.send("Hel", false);
            asked.send("l".repeat(LARGEST), false);
            asked.caller()
                    .assertFailed(Code.UNAVAILABLE, "each instance of hello-service that serves it is in maintenance");
        }

        @Test
        void callerThatCancels_getsNothing() {
            putAllInMaintenance();
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.send("Hel", false);
            asked.cancel();
            asked.exchange().halfClose();
            assertThat(asked.caller().heard).isEmpty();
            assertThat(core.time.waiting()).as("timers").isZero();
        }
    }

    @Nested
    class NotGiven {
        @Test
        void toAnotherMessageMethodOrLanguage() {
            ask(SAY_HELLO, "Hello", "accept-language: en");
            putAllInMaintenance();
            assertUnavailable(ask(SAY_HELLO, "Hallo", "accept-language: en"));
            assertUnavailable(ask(SAY_HELLO, "Hello", "accept-language: de"));
            assertUnavailable(ask(SAY_HELLO, "Hello", "accept-language: en", "accept-language: de"));
            assertUnavailable(ask(SAY_HELLO, "Hello"));
            assertUnavailable(ask(UPDATE, "Hello", "accept-language: en"));
            ask(SAY_HELLO, "Hello", "accept-language: en", "not-listed: 1")
                    .caller()
                    .assertAnswered("World");
        }

        @Test
        void toMessagesInAnotherFormat() {
            ask(SAY_HELLO, "Hello", "content-type: application/grpc");
            putAllInMaintenance();
            assertUnavailable(ask(SAY_HELLO, "Hello", "content-type: application/grpc+json"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"authorization: Bearer x", "cookie: session=x"})
        void toCallersWithCredentials(String credentials) {
            core.call(SAY_HELLO);
            putAllInMaintenance();
            assertUnavailable(ask(SAY_HELLO, "Hello", credentials));
        }

        @Test
        void whenServersAreOverloaded() {
            core.call(SAY_HELLO);
            allAre(Script.answers(Code.RESOURCE_EXHAUSTED));
            assertThat(ask(SAY_HELLO, "Hello").caller().status).isEqualTo(Code.RESOURCE_EXHAUSTED);
        }

        @Test
        void whenServersAreSlow() {
            core.call(SAY_HELLO);
            allAre(Script.staysSilent());
            assertThat(ask(SAY_HELLO, "Hello").caller().status).isEqualTo(Code.DEADLINE_EXCEEDED);
        }

        @Test
        void whenAServerRespondsWithAnError() {
            core.call(SAY_HELLO);
            allAre(Script.answers(Code.INTERNAL));
            assertThat(ask(SAY_HELLO, "Hello").caller().heard).containsExactly("trailers INTERNAL");
        }

        @Test
        void whenTheResponseHasBegun() {
            core.call(SAY_HELLO);
            allAre(Script.breaksInTheAnswer());
            assertThat(ask(SAY_HELLO, "Hello").caller().heard).containsExactly("headers", "Wor", "failed UNAVAILABLE");
        }
    }

    @Nested
    class NotKept {
        @ParameterizedTest
        @ValueSource(strings = {UPDATE, SIGN, CHAT, "/hello.v1.HelloService/NotDescribed"})
        void ofMethodsThatChangeSomethingOrAreStreams(String path) {
            core.call(path).assertAnswered("World");
            assertThat(core.kept.responses).isEmpty();
            putAllInMaintenance();
            assertUnavailable(ask(path, "Hello"));
        }

        @Test
        void ofMethodsThatChangeSomethingInOneVersion() {
            core.service()
                    .describe(Map.of(
                            SAY_HELLO,
                            core.service().traits(SAY_HELLO).and(core.service().traits(UPDATE))));
            core.call(SAY_HELLO).assertAnswered("World");
            assertThat(core.kept.responses).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"authorization: Bearer x", "cookie: session=x"})
        void ofRequestsWithCredentials(String credentials) {
            ask(SAY_HELLO, "Hello", credentials).caller().assertAnswered("World");
            assertThat(core.kept.responses).isEmpty();
        }

        @Test
        void responseThatSetsACookie() {
            Headers cookie = TestHeaders.of("set-cookie: session=x");
            answersWith(cookie, new TestHeaders(Code.OK));
            answersWith(TestHeaders.NONE, new TestHeaders(Code.OK, "", List.of("set-cookie: session=x")));
            assertThat(core.kept.responses).isEmpty();
        }

        private void answersWith(Headers headers, Headers trailers) {
            core.transport.next(
                    "p1",
                    stream -> stream.whenRequestIsWhole(() -> {
                        stream.headers(headers);
                        stream.chunk("World");
                        stream.trailers(trailers);
                    }));
            core.call(SAY_HELLO).assertAnswered("World");
        }

        @Test
        void responseWithoutHeaders() {
            core.transport.next("p1", Script.answers(Code.OK));
            assertThat(core.call(SAY_HELLO).heard).containsExactly("trailers OK");
            assertThat(core.kept.responses).isEmpty();
        }

        @Test
        void errorOrBrokenResponse() {
            core.transport.next("p1", Script.answersLate(Code.NOT_FOUND), Script.breaksInTheAnswer());
            core.call(SAY_HELLO);
            core.call(SAY_HELLO);
            assertThat(core.kept.responses).isEmpty();
        }

        @Test
        void responseBeforeTheRequestIsComplete() {
            core.transport.next("p1", stream -> stream.later(Duration.ZERO, () -> stream.answer("World")));
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.send("Hel", false);
            core.time.runDue();
            asked.caller().assertAnswered("World");
            asked.send("lo", true);
            assertThat(core.kept.responses).isEmpty();
        }

        @Test
        void responseThatTheCallerCancelled() {
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.caller().onHeaders = asked::cancel;
            asked.send("Hello", true);
            core.time.runDue();
            assertThat(core.kept.responses).isEmpty();
        }

        @Test
        void responseOrRequestThatIsTooLarge() {
            ask(SAY_HELLO, "o".repeat(LARGEST + 1));
            core.transport.next("p1", Script.answers("d".repeat(LARGEST + 1)));
            ask(SAY_HELLO, "Hello");
            assertThat(core.kept.responses).isEmpty();
            ask(SAY_HELLO, "o".repeat(LARGEST));
            assertThat(core.kept.responses).hasSize(1);
        }

        @Test
        void responseOfAnAttemptThatLost() {
            core.transport.next(
                    "p1",
                    stream -> stream.whenRequestIsWhole(() -> {
                        stream.headers(TestHeaders.of("from: p1"));
                        stream.later(Duration.ofSeconds(1), () -> stream.chunk("late"));
                    }));
            core.transport.next("p2", Script.answers("first"));
            ask(SAY_HELLO, "Hello").caller().assertAnswered("first");
            putAllInMaintenance();
            RecordingCaller caller = ask(SAY_HELLO, "Hello").caller();
            caller.assertAnswered("first");
            assertThat(caller.leading.get("from")).isNull();
        }
    }

    @Test
    void switchedOff_nothingIsKeptOrGiven() {
        CoreFixture off = CoreFixture.serving("p1");
        off.call(SAY_HELLO);
        off.transport.always("p1", Script.refusesConnection());
        CoreFixture.Asked asked = off.ask(SAY_HELLO);
        asked.send("Hello", true);
        off.time.advance(LONG);
        assertThat(asked.caller().status).isEqualTo(Code.UNAVAILABLE);
        assertThat(asked.exchange().age()).isNull();
        assertThat(off.kept.responses).isEmpty();
    }

    @Test
    void responsesThatDependOnCredentials_cannotBeConfigured() {
        assertThatThrownBy(() -> new StaleResponses.Policy(Set.of(), Set.of(), List.of("cookie"), LARGEST))
                .hasMessage(
                        "stale.headers: [cookie] (expected: none of [authorization, cookie], with which no response is kept)");
    }

    /** Makes a call, and lets everything happen that it may wait for. */
    private CoreFixture.Asked ask(String path, String message, String... headers) {
        CoreFixture.Asked asked = core.ask(path, null, false, TestHeaders.of(headers));
        asked.send(message, true);
        core.time.advance(Duration.ofSeconds(16));
        return asked;
    }

    private void allAre(Script script) {
        List.of("p1", "p2", "s1").forEach(id -> core.transport.always(id, script));
    }

    private void putAllInMaintenance() {
        core.register(
                CoreFixture.inMaintenance("p1"), CoreFixture.inMaintenance("p2"), CoreFixture.inMaintenance("s1"));
        assertThat(core.best()).isEmpty();
    }

    private static void assertUnavailable(CoreFixture.Asked asked) {
        assertThat(asked.caller().status).isEqualTo(Code.UNAVAILABLE);
        assertThat(asked.exchange().age()).isNull();
    }
}
