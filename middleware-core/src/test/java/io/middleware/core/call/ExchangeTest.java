package io.middleware.core.call;

import static io.middleware.core.fixture.CoreFixture.CHAT;
import static io.middleware.core.fixture.CoreFixture.SAY_HELLO;
import static io.middleware.core.fixture.CoreFixture.SIGN;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Code;
import io.middleware.core.Outcome;
import io.middleware.core.Settings;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.fixture.Script;
import io.middleware.core.fixture.TestStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes between the caller and its attempts, and how it ends. */
class ExchangeTest {
    private static final String NOT_ANSWERED = "hello-service gave no response: ";

    private CoreFixture core = CoreFixture.serving("p1", "p2");

    @AfterEach
    void nothingIsLeft() {
        core.assertNothingLeft();
        assertThat(core.time.waiting()).as("timers of calls that ended").isZero();
    }

    @Nested
    class Deadline {
        @Test
        void duringAnAttempt_endsTheCallAndResetsTheStream() {
            core.transport.always("p1", Script.staysSilent());
            CoreFixture.Asked asked = core.ask(SAY_HELLO, Duration.ofMillis(100));
            asked.send("Hello", true);
            core.time.advance(Duration.ofMillis(99));
            assertThat(asked.caller().heard).isEmpty();
            core.time.advance(Duration.ofMillis(1));
            asked.caller()
                    .assertFailed(Code.DEADLINE_EXCEEDED, NOT_ANSWERED + "p1 (primary): no answer before the deadline");
            assertThat(core.transport.attempt(1).cancelled).isTrue();
            assertThat(core.transport.tried()).containsExactly("p1");
        }

        @Test
        void inTheMiddleOfAResponse_endsTheCallAndResetsTheStream() {
            core.transport.always("p1", Script.staysSilent());
            CoreFixture.Asked asked = core.ask(CHAT, Duration.ofMillis(100));
            core.transport.attempt(1).headers();
            core.transport.attempt(1).chunk("Wor");
            core.time.advance(Duration.ofMillis(100));
            assertThat(asked.caller().heard).containsExactly("headers", "Wor", "failed DEADLINE_EXCEEDED");
            assertThat(core.transport.attempt(1).cancelled).isTrue();
        }

        @Test
        void duringABackOff_endsTheCall() {
            core = CoreFixture.serving("p1");
            core.transport.next("p1", Script.unsent(), Script.unsent(), Script.staysSilent());
            CoreFixture.Asked asked = core.ask(SAY_HELLO, Duration.ofMillis(200));
            asked.send("Hello", true);
            core.time.advance(Duration.ofMillis(5));
            assertThat(core.transport.attempts).hasSize(1);
            core.time.stall(Duration.ofMillis(200));
            core.time.runDue();
            asked.caller().assertFailed(Code.DEADLINE_EXCEEDED, NOT_ANSWERED + "p1 (primary): stream refused");
            assertThat(core.transport.attempts).hasSize(1);
        }

        @Test
        void beforeTheEndOfTheBackOff_isNotWaitedFor() {
            core = CoreFixture.serving("p1");
            core.transport.next("p1", Script.unsent());
            CoreFixture.Asked asked = core.ask(SAY_HELLO, Duration.ofMillis(8));
            asked.send("Hello", true);
            core.time.runDue();
            asked.caller()
                    .assertFailed(
                            Code.UNAVAILABLE,
                            NOT_ANSWERED
                                    + "p1 (primary): stream refused. Not retried: no time is left for another attempt");
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 1_000})
        void alreadyPassedAtTheStart_endsTheCallWithoutAnAttempt(int millisAgo) {
            CoreFixture.Asked asked = core.ask(SAY_HELLO, Duration.ofMillis(-millisAgo));
            asked.caller().assertFailed(Code.DEADLINE_EXCEEDED, "hello-service was not tried: no time was left");
            asked.send("Hello", true);
            asked.exchange().halfClose();
            assertThat(core.transport.attempts).isEmpty();
        }

        @Test
        void passedWhenAnAttemptEnds_startsNoOther() {
            core.transport.always("p1", Script.staysSilent());
            CoreFixture.Asked asked = core.ask(SAY_HELLO, Duration.ofMillis(100));
            asked.send("Hello", true);
            core.time.stall(Duration.ofMillis(100));
            core.transport.attempt(1).fail(Outcome.unsent("stream refused"));
            core.time.runDue();
            asked.caller().assertFailed(Code.DEADLINE_EXCEEDED, NOT_ANSWERED + "p1 (primary): stream refused");
            assertThat(core.transport.tried()).containsExactly("p1");
        }

        @Test
        void passedWhenTheServerGivesUp_isTheReason_andNoEvidenceAgainstTheServer() {
            core.transport.always("p1", Script.staysSilent());
            for (int i = 0; i < 20; i++) {
                CoreFixture.Asked asked = core.ask(SIGN, Duration.ofMillis(100));
                asked.send("Hello", true);
                core.time.stall(Duration.ofMillis(100));
                core.transport.attempt(i + 1).fail(Outcome.broken(Code.UNAVAILABLE, "the server cancelled the stream"));
                core.time.runDue();
                asked.caller()
                        .assertFailed(
                                Code.DEADLINE_EXCEEDED,
                                NOT_ANSWERED + "p1 (primary): no answer before the deadline."
                                        + " Note that it may already have run and is not idempotent");
            }
            assertThat(core.instance("p1").ejected()).isFalse();
        }

        @Test
        void whatIsLeft_isToldToEachInstance() {
            core.transport.always("p1", Script.breaks(Duration.ofMillis(40)));
            CoreFixture.Asked asked = core.ask(SAY_HELLO, Duration.ofMillis(100));
            asked.send("Hello", true);
            core.time.advance(Duration.ofMillis(50));
            asked.caller().assertAnswered("World");
            assertThat(core.transport.attempt(1).leftNanos).isEqualTo(TimeUnit.MILLISECONDS.toNanos(100));
            assertThat(core.transport.attempt(2).leftNanos).isEqualTo(TimeUnit.MILLISECONDS.toNanos(60));
        }

        @Test
        void ofAUnaryCallWithoutOne_is15Seconds_whichTheServerIsNotTold() {
            core.transport.always("p1", Script.staysSilent());
            CoreFixture.Asked asked = core.ask(SIGN);
            assertThat(core.transport.attempt(1).leftNanos).isEqualTo(Long.MAX_VALUE);
            core.time.advance(Duration.ofMillis(14_999));
            assertThat(asked.caller().ended()).isFalse();
            core.time.advance(Duration.ofMillis(1));
            assertThat(asked.caller().status).isEqualTo(Code.DEADLINE_EXCEEDED);
        }

        @Test
        void switchedOff_callsAreWaitedFor() {
            Settings d = Settings.defaults();
            core = CoreFixture.serving(
                    new Settings(
                            Duration.ZERO,
                            d.attempts(),
                            d.firstBackOff(),
                            d.budget(),
                            d.replay(),
                            d.ejection(),
                            d.hedge(),
                            d.silence(),
                            d.limit()),
                    "p1");
            core.transport.always("p1", Script.staysSilent());
            CoreFixture.Asked asked = core.ask(SIGN);
            asked.send("Hello", true);
            core.time.advance(Duration.ofDays(2));
            core.transport.attempt(1).answer("World");
            asked.caller().assertAnswered("World");
        }

        @ParameterizedTest
        @CsvSource({"64, 63", "3200, 3150", "60000, 59950"})
        void ofANonIdempotentCall_comesBeforeItsCallersOwn_soThatItsCallerHearsOfIt(int told, int millis) {
            core.transport.always("p1", Script.staysSilent());
            CoreFixture.Asked asked = core.ask(SIGN, Duration.ofMillis(told));
            asked.send("Hello", true);
            assertThat(core.transport.attempt(1).leftNanos)
                    .as("what the server is told")
                    .isEqualTo(Duration.ofMillis(told).toNanos());
            core.transport.probeFinds("p1", null);
            core.time.advance(Duration.ofMillis(millis - 1));
            assertThat(asked.caller().ended()).isFalse();
            core.time.advance(Duration.ofMillis(1));
            asked.caller()
                    .assertFailed(
                            Code.DEADLINE_EXCEEDED,
                            NOT_ANSWERED + "p1 (primary): no answer before the deadline."
                                    + " Note that it may already have run and is not idempotent");
        }

        @Test
        void ofANonIdempotentCall_andHasNotLeft_isNoDoubt() {
            core.transport.always("p1", stream -> stream.unsent = true);
            CoreFixture.Asked asked = core.ask(SIGN, Duration.ofMillis(64));
            asked.send("Hello", true);
            core.time.advance(Duration.ofMillis(63));
            asked.caller()
                    .assertFailed(
                            Code.DEADLINE_EXCEEDED, NOT_ANSWERED + "p1 (primary): it was not sent before the deadline");
        }

        @ParameterizedTest
        @ValueSource(strings = {CHAT, "/hello.v1.HelloService/NotDescribed"})
        void ofAStreamWithoutOne_isNone(String path) {
            core.transport.always("p1", Script.staysSilent());
            CoreFixture.Asked asked = core.ask(path);
            assertThat(core.transport.attempt(1).leftNanos).isEqualTo(Long.MAX_VALUE);
            core.time.advance(Duration.ofDays(2));
            assertThat(asked.caller().ended()).isFalse();
            asked.cancel();
        }
    }

    @Nested
    class CancelledByTheCaller {
        @Test
        void duringAnAttempt_resetsTheStream_andNothingMoreIsHeard() {
            core.transport.always("p1", Script.staysSilent());
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.send("Hello", true);
            asked.cancel();
            assertThat(core.transport.attempt(1).cancelled).isTrue();
            core.time.advance(Duration.ofMinutes(1));
            assertThat(asked.caller().heard).isEmpty();
        }

        @Test
        void duringABackOff_startsNoOtherAttempt() {
            core = CoreFixture.serving("p1");
            core.transport.next("p1", Script.unsent());
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.send("Hello", true);
            core.time.runDue();
            asked.cancel();
            core.time.advance(Duration.ofMinutes(1));
            assertThat(core.transport.attempts).hasSize(1);
        }

        @Test
        void inTheMiddleOfAResponse_resetsTheStream() {
            core.transport.always("p1", Script.staysSilent());
            CoreFixture.Asked asked = core.ask(CHAT);
            core.transport.attempt(1).headers();
            asked.cancel();
            assertThat(core.transport.attempt(1).cancelled).isTrue();
            core.transport.attempt(1).chunk("too late");
            assertThat(asked.caller().heard).containsExactly("headers");
        }

        @Test
        void afterTheEnd_isHarmless() {
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.send("Hello", true);
            core.time.runDue();
            asked.cancel();
            asked.cancel();
            asked.caller().assertAnswered("World");
        }

        @Test
        void whileItIsToldTheHeaders_hearsNothingMore() {
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.caller().onHeaders = asked::cancel;
            asked.send("Hello", true);
            core.time.runDue();
            assertThat(asked.caller().heard).containsExactly("headers");
            assertThat(core.transport.attempt(1).cancelled).isTrue();
        }

        @Test
        void whileItIsToldHeldHeaders_hearsNothingMore() {
            core.transport.always("p1", Script.answersLate(Code.NOT_FOUND));
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.caller().onHeaders = asked::cancel;
            asked.send("Hello", true);
            core.time.runDue();
            assertThat(asked.caller().heard).containsExactly("headers");
        }

        @Test
        void isNoEvidenceAgainstTheInstance() {
            core.transport.always("p1", Script.staysSilent());
            for (int i = 0; i < 20; i++) {
                core.ask(SAY_HELLO).cancel();
            }
            assertThat(core.instance("p1").ejected()).isFalse();
        }
    }

    @Nested
    class Request {
        @Test
        void chunks_areReplayedInOrder_andTheHalfCloseWithTheLast() {
            core.transport.always("p1", Script.breaks());
            CoreFixture.Asked asked = core.ask(CHAT);
            asked.send("a", false);
            asked.send("b", false);
            asked.send("c", true);
            core.time.runDue();
            asked.caller().assertAnswered("World");
            assertThat(core.transport.attempt(2).received).containsExactly("a", "b", "c");
            assertThat(core.transport.attempt(2).requestClosed).isTrue();
        }

        @Test
        void stillOpen_isReplayedOpen_andGoesOnAtTheNewInstance() {
            core.transport.always("p1", Script.breaks());
            CoreFixture.Asked asked = core.ask(CHAT);
            asked.send("a", false);
            core.time.runDue();
            assertThat(core.transport.attempt(2).received).containsExactly("a");
            assertThat(core.transport.attempt(2).requestClosed).isFalse();
            asked.send("b", false);
            asked.exchange().halfClose();
            core.time.runDue();
            assertThat(core.transport.attempt(2).received).containsExactly("a", "b");
            asked.caller().assertAnswered("World");
        }

        @Test
        void closedWithoutAMessage_isReplayedSo() {
            core.transport.always("p1", Script.breaks());
            CoreFixture.Asked asked = core.ask(CHAT);
            asked.exchange().halfClose();
            core.time.runDue();
            assertThat(core.transport.attempt(2).received).isEmpty();
            asked.caller().assertAnswered("World");
        }

        @Test
        void closedAfterItsLastMessage_isReplayedSo() {
            core.transport.always("p1", Script.breaks());
            CoreFixture.Asked asked = core.ask(CHAT);
            asked.send("a", false);
            asked.exchange().halfClose();
            core.time.runDue();
            assertThat(core.transport.attempt(2).received).containsExactly("a");
            asked.caller().assertAnswered("World");
        }

        @Test
        void chunksAndHalfCloseDuringABackOff_reachTheNextAttempt() {
            core = CoreFixture.serving("p1");
            core.transport.next("p1", Script.unsent());
            CoreFixture.Asked asked = core.ask(CHAT);
            asked.send("a", false);
            core.time.runDue();
            asked.send("b", false);
            asked.exchange().halfClose();
            core.time.advance(Duration.ofMillis(40));
            assertThat(core.transport.attempt(2).received).containsExactly("a", "b");
            asked.caller().assertAnswered("World");
        }

        @Test
        void tooLargeDuringABackOff_endsTheCall() {
            core = CoreFixture.serving(CoreFixture.keeping(4), "p1");
            core.transport.next("p1", Script.unsent());
            CoreFixture.Asked asked = core.ask(CHAT);
            core.time.runDue();
            asked.send("too large", false);
            asked.caller()
                    .assertFailed(
                            Code.UNAVAILABLE,
                            NOT_ANSWERED + "p1 (primary): stream refused."
                                    + " Not retried: the request was too large to be kept while no instance could be reached");
            core.time.advance(Duration.ofMillis(40));
            assertThat(core.transport.attempts).hasSize(1);
        }

        @Test
        void tooLargeDuringAnAttempt_passesThrough() {
            core = CoreFixture.serving(CoreFixture.keeping(4), "p1");
            CoreFixture.Asked asked = core.ask(CHAT);
            asked.send("abc", false);
            asked.send("def", false);
            asked.send("ghi", true);
            core.time.runDue();
            assertThat(core.transport.attempt(1).received).containsExactly("abc", "def", "ghi");
            asked.caller().assertAnswered("World");
        }

        @Test
        void isNotKeptOnceTheResponseHasBegun() {
            core.transport.always("p1", Script.staysSilent());
            CoreFixture.Asked asked = core.ask(CHAT);
            asked.send("abc", false);
            assertThat(core.failover.heldBytes()).isEqualTo(3);
            core.transport.attempt(1).headers();
            assertThat(core.failover.heldBytes()).isZero();
            asked.send("def", false);
            assertThat(core.failover.heldBytes()).isZero();
            asked.cancel();
        }

        @Test
        void afterTheEnd_isReleased() {
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            core.transport.attempt(1).trailers(Code.OK);
            asked.send("too late", true);
            asked.exchange().halfClose();
            assertThat(core.transport.attempt(1).received).isEmpty();
        }
    }

    /** A transport may notice within a call to it that its stream is broken, or can take more. */
    @Nested
    class ToldWithinASend {
        @Test
        void streamThatBreaksWhileBytesAreReplayed_isFollowedByAnother() {
            core = CoreFixture.serving("p1", "p2", "p3");
            core.transport.always("p1", Script.breaks());
            core.transport.always(
                    "p2",
                    stream -> stream.onSend = () -> {
                        stream.onSend = () -> {};
                        stream.fail(Outcome.unsent("stream refused"));
                    });
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.send("a", false);
            asked.send("b", true);
            core.time.runDue();
            asked.caller().assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p2", "p3");
            assertThat(core.transport.attempt(3).received).containsExactly("a", "b");
        }

        @Test
        void streamThatBreaksWhileBytesAreReplayed_mayEndTheCall() {
            core.transport.always("p1", Script.unsent());
            core.transport.always(
                    "p2",
                    stream -> stream.onSend = () -> {
                        stream.onSend = () -> {};
                        stream.fail(Outcome.broken(Code.UNAVAILABLE, "connection reset"));
                    });
            CoreFixture.Asked asked = core.ask(SIGN);
            asked.send("a", false);
            asked.send("b", true);
            core.time.runDue();
            assertThat(asked.caller().heard).containsExactly("failed UNAVAILABLE");
        }

        @Test
        void streamThatBreaksOnTheFirstSend_isFollowedByAnother() {
            core.transport.always("p1", stream -> stream.onSend = () -> stream.fail(Outcome.unsent("stream refused")));
            CoreFixture.Asked asked = core.ask(SIGN);
            asked.send("a", true);
            core.time.runDue();
            asked.caller().assertAnswered("World");
            assertThat(core.transport.attempt(2).received).containsExactly("a");
        }

        @Test
        void streamThatBreaksWhileItIsOpened_isFollowedByAnother() {
            core.transport.always("p1", stream -> stream.fail(Outcome.unreachable("connection refused")));
            CoreFixture.Asked asked = core.ask(SIGN);
            asked.send("a", true);
            core.time.runDue();
            asked.caller().assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p2");
            core.time.advance(Duration.ofSeconds(1));
        }

        @Test
        void transportThatThrows_isInDoubt() {
            core.transport.always("p1", stream -> {
                throw new IllegalStateException("by the test");
            });
            core.call(SAY_HELLO).assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p2");
            core.call(SIGN)
                    .assertFailed(
                            Code.INTERNAL,
                            NOT_ANSWERED + "p1 (primary): the transport failed:"
                                    + " java.lang.IllegalStateException: by the test. Not retried: it may already have run and is not idempotent");
        }

        @Test
        void callerThatSendsMoreWhenTold_doesNotOvertakeTheReplay() {
            core.transport.always("p1", Script.breaks());
            core.transport.always("p2", stream -> {
                stream.onSend = () -> {
                    stream.onSend = () -> {};
                    stream.becomeWritable(true);
                };
                Script.answers("World").play(stream);
            });
            CoreFixture.Asked asked = core.ask(CHAT);
            asked.caller().onWritabilityChanged = () -> {
                asked.caller().onWritabilityChanged = () -> {};
                asked.send("c", true);
            };
            asked.send("a", false);
            asked.send("b", false);
            core.time.runDue();
            assertThat(core.transport.attempt(2).received).containsExactly("a", "b", "c");
            asked.caller().assertAnswered("World");
        }
    }

    @Nested
    class FlowControl {
        @Test
        void writability_isTheAttempts() {
            core.transport.always("p1", Script.staysSilent());
            CoreFixture.Asked asked = core.ask(CHAT);
            assertThat(asked.exchange().writable()).isTrue();
            core.transport.attempt(1).becomeWritable(false);
            assertThat(asked.exchange().writable()).isFalse();
            assertThat(asked.caller().writabilityChanges).isEqualTo(1);
            asked.cancel();
        }

        @Test
        void duringABackOff_nothingCanBeTaken_andTheNextAttemptIsAnnounced() {
            core = CoreFixture.serving("p1");
            core.transport.next("p1", Script.unsent(), Script.staysSilent());
            CoreFixture.Asked asked = core.ask(CHAT);
            core.time.runDue();
            assertThat(asked.exchange().writable()).isFalse();
            core.time.advance(Duration.ofMillis(40));
            assertThat(asked.exchange().writable()).isTrue();
            assertThat(asked.caller().writabilityChanges).isEqualTo(1);
            asked.cancel();
        }

        @Test
        void wantMore_reachesTheAttempt() {
            core.transport.always("p1", Script.staysSilent());
            CoreFixture.Asked asked = core.ask(CHAT);
            asked.exchange().wantMore(false);
            assertThat(core.transport.attempt(1).wanted).isFalse();
            asked.exchange().wantMore(true);
            assertThat(core.transport.attempt(1).wanted).isTrue();
            asked.cancel();
        }

        @Test
        void wantingNoMore_holdsForTheNextAttemptToo() {
            core.transport.always("p1", Script.breaks());
            core.transport.always("p2", Script.staysSilent());
            CoreFixture.Asked asked = core.ask(CHAT);
            asked.exchange().wantMore(false);
            core.time.runDue();
            assertThat(core.transport.attempt(2).wanted).isFalse();
            asked.cancel();
        }

        @Test
        void wantingNoMoreDuringABackOff_holdsForTheNextAttempt() {
            core = CoreFixture.serving("p1");
            core.transport.next("p1", Script.unsent(), Script.staysSilent());
            CoreFixture.Asked asked = core.ask(CHAT);
            core.time.runDue();
            asked.exchange().wantMore(false);
            core.time.advance(Duration.ofMillis(40));
            assertThat(core.transport.attempt(2).wanted).isFalse();
            asked.cancel();
        }

        @Test
        void afterTheEnd_theStreamIsLeftAlone() {
            CoreFixture.Asked asked = core.ask(CHAT);
            core.transport.attempt(1).trailers(Code.OK);
            asked.exchange().wantMore(true);
            assertThat(asked.exchange().writable())
                    .as("what comes now is released, it does not pile up")
                    .isTrue();
        }
    }

    @Nested
    class InFlight {
        @Test
        void isCountedWhileTheAttemptRuns() {
            core.transport.always("p1", Script.breaks(Duration.ofMillis(10)));
            core.transport.always("p2", Script.staysSilent());
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            asked.send("Hello", true);
            assertThat(core.instance("p1").inFlight()).isEqualTo(1);
            core.time.advance(Duration.ofMillis(10));
            assertThat(core.instance("p1").inFlight()).isZero();
            assertThat(core.instance("p2").inFlight()).isEqualTo(1);
            asked.cancel();
            assertThat(core.instance("p2").inFlight()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SIGN, CHAT})
    void headers_whereNoOtherResponseCanFollow_reachTheCallerAtOnce(String path) {
        core.transport.always("p1", Script.staysSilent());
        CoreFixture.Asked asked = core.ask(path);
        core.transport.attempt(1).headers();
        assertThat(asked.caller().heard).containsExactly("headers");
        asked.cancel();
    }

    @Test
    void headers_ofAUnaryIdempotentCall_areHeldUntilMoreComes() {
        core.transport.always("p1", Script.staysSilent());
        CoreFixture.Asked asked = core.ask(SAY_HELLO);
        core.transport.attempt(1).headers();
        assertThat(asked.caller().heard).isEmpty();
        core.transport.attempt(1).chunk("World");
        assertThat(asked.caller().heard).containsExactly("headers", "World");
        asked.cancel();
    }

    @Test
    void listenerToldAfterItsEnd_changesNothing() {
        core.transport.always("p1", Script.staysSilent());
        CoreFixture.Asked asked = core.ask(SAY_HELLO);
        TestStream stream = core.transport.attempt(1);
        stream.answer("World");
        stream.headers();
        stream.chunk("again");
        stream.fail(Outcome.broken(Code.UNAVAILABLE, "connection reset"));
        stream.trailers(Code.INTERNAL);
        stream.becomeWritable(true);
        asked.caller().assertAnswered("World");
    }
}
