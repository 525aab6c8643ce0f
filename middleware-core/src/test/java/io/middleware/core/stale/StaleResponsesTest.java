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

/** The last link of the chain: which answers are kept, and who is given one. */
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
            assertThat(asked.exchange().answeredBy()).as("nobody answers").isNull();
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
            long at = core.kept.answers.values().iterator().next().at();
            for (int i = 0; i < 2; i++) {
                core.time.advance(Duration.ofMillis(1_500));
                Duration age = Duration.ofNanos(core.time.nanos() - at);
                assertThat(ask(SAY_HELLO, "Hello").exchange().age()).isEqualTo(age);
            }
        }

        @Test
        void newest_afterOthersToTheSameQuestion() {
            core.transport.next("p1", Script.answers("old"), Script.answers("new"), Script.answers(Code.NOT_FOUND));
            for (int i = 0; i < 3; i++) {
                core.call(SAY_HELLO);
            }
            putAllInMaintenance();
            ask(SAY_HELLO, "Hello").caller().assertAnswered("new");
        }

        @Test
        void toTheSameMessage_inWhateverPieces() {
            CoreFixture.Asked pieces = core.ask(SAY_HELLO);
            pieces.send("Hel", false);
            pieces.send("l", false);
            pieces.send("o", false);
            pieces.exchange().halfClose();
            core.time.runDue();
            putAllInMaintenance();
            ask(SAY_HELLO, "Hello").caller().assertAnswered("World");
        }

        @Test
        void isCounted_andTheCallAsOneThatEndedWell() {
            core.call(SAY_HELLO);
            putAllInMaintenance();
            List<Code> ends = new ArrayList<>();
            core.service().counts().listen((code, nanos) -> ends.add(code));
            ask(SAY_HELLO, "Hello");
            assertThat(core.service().counts().fallbacks(Counts.Fallback.STALE)).isEqualTo(1);
            assertThat(ends).containsExactly(Code.OK);
        }

        @Test
        void callerThatLeavesAtItsHeaders_hearsNoMore() {
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
            assertThat(one.kept.answers).hasSize(1);
        }
    }

    /** What the caller asks is not known yet when all servers have failed. */
    @Nested
    class RequestInPieces {
        @Test
        void rest_isWaitedFor() {
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
        void callerThatWasHeldBack_isToldThatMoreIsWanted() {
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
        void restThatDoesNotComeInTime_isTheEnd_inTheWordsOfTheFailure() {
            putAllInMaintenance();
            CoreFixture.Asked asked = core.ask(SAY_HELLO, Duration.ofSeconds(2));
            asked.send("Hel", false);
            core.time.advance(Duration.ofSeconds(2));
            asked.caller()
                    .assertFailed(Code.UNAVAILABLE, "each instance of hello-service that serves it is in maintenance");
            asked.send("lo", true);
        }

        @Test
        void otherQuestion_isToldTheRefusalOfTheLastServer() {
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
        void requestThatGetsTooLarge_isNotWaitedFor() {
            putAllInMaintenance();
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.send("Hel", false);
            asked.send("l".repeat(LARGEST), false);
            asked.caller()
                    .assertFailed(Code.UNAVAILABLE, "each instance of hello-service that serves it is in maintenance");
        }

        @Test
        void callerThatLeaves_hearsNothing() {
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
            assertLost(ask(SAY_HELLO, "Hallo", "accept-language: en"));
            assertLost(ask(SAY_HELLO, "Hello", "accept-language: de"));
            assertLost(ask(SAY_HELLO, "Hello", "accept-language: en", "accept-language: de"));
            assertLost(ask(SAY_HELLO, "Hello"));
            assertLost(ask(UPDATE, "Hello", "accept-language: en"));
            ask(SAY_HELLO, "Hello", "accept-language: en", "not-listed: 1")
                    .caller()
                    .assertAnswered("World");
        }

        @Test
        void toMessagesInAnotherForm() {
            ask(SAY_HELLO, "Hello", "content-type: application/grpc");
            putAllInMaintenance();
            assertLost(ask(SAY_HELLO, "Hello", "content-type: application/grpc+json"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"authorization: Bearer x", "cookie: session=x"})
        void toWhoShowsCredentials(String credentials) {
            core.call(SAY_HELLO);
            putAllInMaintenance();
            assertLost(ask(SAY_HELLO, "Hello", credentials));
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
        void whenTheServerSaysWhatIsWrong() {
            core.call(SAY_HELLO);
            allAre(Script.answers(Code.INTERNAL));
            assertThat(ask(SAY_HELLO, "Hello").caller().heard).containsExactly("trailers INTERNAL");
        }

        @Test
        void whenTheAnswerHasBegun() {
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
            assertThat(core.kept.answers).isEmpty();
            putAllInMaintenance();
            assertLost(ask(path, "Hello"));
        }

        @Test
        void ofMethodsThatChangeSomethingInOneVersion() {
            core.service()
                    .describe(Map.of(
                            SAY_HELLO,
                            core.service().traits(SAY_HELLO).and(core.service().traits(UPDATE))));
            core.call(SAY_HELLO).assertAnswered("World");
            assertThat(core.kept.answers).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"authorization: Bearer x", "cookie: session=x"})
        void whatWasAskedWithCredentials(String credentials) {
            ask(SAY_HELLO, "Hello", credentials).caller().assertAnswered("World");
            assertThat(core.kept.answers).isEmpty();
        }

        @Test
        void whatSetsACookie() {
            Headers cookie = TestHeaders.of("set-cookie: session=x");
            answersWith(cookie, new TestHeaders(Code.OK));
            answersWith(TestHeaders.NONE, new TestHeaders(Code.OK, "", List.of("set-cookie: session=x")));
            assertThat(core.kept.answers).isEmpty();
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
        void whatHasNoHeaders() {
            core.transport.next("p1", Script.answers(Code.OK));
            assertThat(core.call(SAY_HELLO).heard).containsExactly("trailers OK");
            assertThat(core.kept.answers).isEmpty();
        }

        @Test
        void whatIsNoGoodAnswer() {
            core.transport.next("p1", Script.answersLate(Code.NOT_FOUND), Script.breaksInTheAnswer());
            core.call(SAY_HELLO);
            core.call(SAY_HELLO);
            assertThat(core.kept.answers).isEmpty();
        }

        @Test
        void whatCameBeforeTheQuestionWasWhole() {
            core.transport.next("p1", stream -> stream.later(Duration.ZERO, () -> stream.answer("World")));
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.send("Hel", false);
            core.time.runDue();
            asked.caller().assertAnswered("World");
            asked.send("lo", true);
            assertThat(core.kept.answers).isEmpty();
        }

        @Test
        void whatTheCallerDidNotWaitFor() {
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.caller().onHeaders = asked::cancel;
            asked.send("Hello", true);
            core.time.runDue();
            assertThat(core.kept.answers).isEmpty();
        }

        @Test
        void whatIsTooLarge() {
            ask(SAY_HELLO, "o".repeat(LARGEST + 1));
            core.transport.next("p1", Script.answers("d".repeat(LARGEST + 1)));
            ask(SAY_HELLO, "Hello");
            assertThat(core.kept.answers).isEmpty();
            ask(SAY_HELLO, "o".repeat(LARGEST));
            assertThat(core.kept.answers).hasSize(1);
        }

        @Test
        void whatAnOvertakenAttemptAnswers() {
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
        assertThat(off.kept.answers).isEmpty();
    }

    @Test
    void answersThatDependOnCredentials_cannotBeAskedFor() {
        assertThatThrownBy(() -> new StaleResponses.Policy(Set.of(), Set.of(), List.of("cookie"), LARGEST))
                .hasMessage(
                        "stale.headers: [cookie] (expected: none of [authorization, cookie], with which no answer is kept)");
    }

    /** A whole call, until all that it can wait for has happened. */
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

    private static void assertLost(CoreFixture.Asked asked) {
        assertThat(asked.caller().status).isEqualTo(Code.UNAVAILABLE);
        assertThat(asked.exchange().age()).isNull();
    }
}
