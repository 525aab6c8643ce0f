package io.middleware.core.call;

import static io.middleware.core.fixture.CoreFixture.CHAT;
import static io.middleware.core.fixture.CoreFixture.SAY_HELLO;
import static io.middleware.core.fixture.CoreFixture.SIGN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.middleware.core.Code;
import io.middleware.core.Counts;
import io.middleware.core.Settings;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.fixture.Script;
import io.middleware.core.record.Step;
import io.middleware.core.retry.HedgeDelay;
import io.middleware.core.retry.HedgeLimit;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A call whose answer is overdue is given to another instance as well. The delay is the initial one, 100 ms. */
class HedgeTest {
    private static final Duration DELAY = Settings.defaults().hedge().initialDelay();

    private CoreFixture core = CoreFixture.serving("p1", "p2", "p3");

    @BeforeEach
    void firstIsSilent() {
        core.transport.always("p1", Script.staysSilent());
    }

    @AfterEach
    void nothingIsLeft() {
        core.assertNothingLeft();
        assertThat(core.time.waiting()).as("timers of calls that ended").isZero();
    }

    @Nested
    class Starts {
        @Test
        void afterTheDelay_notBefore() {
            CoreFixture.Asked asked = hello();
            core.time.advance(DELAY.minusMillis(1));
            assertThat(core.transport.tried()).containsExactly("p1");
            core.time.advance(Duration.ofMillis(1));
            asked.caller().assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p2");
            assertThat(core.transport.attempt(2).received).containsExactly("Hello");
            assertThat(asked.exchange().attempts()).isEqualTo(2);
        }

        @Test
        void ofAMethodThatRespondsFast_afterTheShortestDelay() {
            core.transport.always("p1", Script.answers("World"));
            for (int i = 0; i < HedgeDelay.ENOUGH; i++) {
                core.call(SAY_HELLO).assertAnswered("World");
            }
            core.transport.always("p1", Script.staysSilent());
            core.time.advance(Duration.ofMillis(100));
            CoreFixture.Asked asked = hello();
            core.time.advance(Duration.ofMillis(9));
            assertThat(asked.caller().heard).isEmpty();
            core.time.advance(Duration.ofMillis(1));
            asked.caller().assertAnswered("World");
        }

        @Test
        void recordsThatTheOverdueInstanceIsAlive_orWasSilentByThen() {
            hello();
            core.time.advance(DELAY);
            assertThat(pings()).containsExactly(true, null);
            core.time.advance(Duration.ofSeconds(1));
            core.transport.probeHangs("p1");
            hello();
            core.time.advance(DELAY);
            assertThat(pings()).containsExactly(false, null);
        }

        private List<Boolean> pings() {
            return core.lastRecord.steps().stream()
                    .filter(Step.Ended.class::isInstance)
                    .map(step -> ((Step.Ended) step).alive())
                    .toList();
        }

        @Test
        void anotherAfterAnotherDelay_whenThatIsSilentToo() {
            core.transport.always("p2", Script.staysSilent());
            CoreFixture.Asked asked = hello();
            core.time.advance(DELAY.multipliedBy(2).minusMillis(1));
            assertThat(core.transport.tried()).containsExactly("p1", "p2");
            core.time.advance(Duration.ofMillis(1));
            asked.caller().assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p2", "p3");
            assertThat(core.transport.attempts.stream().map(attempt -> attempt.before))
                    .as("each instance hears of those before")
                    .containsExactly(0, 1, 2);
        }

        @Test
        void countedFromTheWholeRequest_notFromTheStartOfTheCall() {
            CoreFixture.Asked asked = core.ask(SAY_HELLO);
            core.time.advance(DELAY.minusMillis(20));
            asked.send("Hello", true);
            core.time.advance(DELAY.minusMillis(1));
            assertThat(core.transport.tried()).containsExactly("p1");
            core.time.advance(Duration.ofMillis(1));
            asked.caller().assertAnswered("World");
        }

        @Test
        void notWhileTheRequestIsOpen_butWhenItIsClosedLater() {
            CoreFixture.Asked asked = core.ask(CHAT);
            asked.send("a", false);
            core.time.advance(Duration.ofMinutes(1));
            assertThat(core.transport.tried()).containsExactly("p1");
            asked.exchange().halfClose();
            core.time.advance(DELAY);
            asked.caller().assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p2");
        }

        @Test
        void fromTheStartOfARetry_notOfTheCall() {
            core.transport.always("p1", Script.breaks(DELAY.minusMillis(1)));
            core.transport.always("p2", Script.staysSilent());
            CoreFixture.Asked asked = hello();
            core.time.advance(DELAY.multipliedBy(2).minusMillis(2));
            assertThat(core.transport.tried()).containsExactly("p1", "p2");
            core.time.advance(Duration.ofMillis(1));
            asked.caller().assertAnswered("World");
        }

        @Test
        void aMomentLater_whenTheThreadWasHeldUp_soThatAResponseThatIsThereComesFirst() {
            CoreFixture.Asked asked = hello();
            core.time.stall(DELAY.plusMillis(50));
            core.time.runDue();
            assertThat(core.transport.tried()).containsExactly("p1");
            core.transport.attempt(1).answer("World");
            asked.caller().assertAnswered("World");
        }

        @Test
        void atTheSecondLook_howeverBusyTheMachineIs() {
            hello();
            core.time.stall(DELAY.plusMillis(20));
            core.time.runDue();
            core.time.stall(Duration.ofMillis(20));
            core.time.runDue();
            assertThat(core.transport.tried()).containsExactly("p1", "p2");
        }

        @Test
        void allTheSame_aMomentLater_whenNoResponseIsThere() {
            CoreFixture.Asked asked = hello();
            core.time.stall(DELAY.plusMillis(50));
            core.time.advance(Duration.ofMillis(1));
            asked.caller().assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p2");
        }
    }

    @Nested
    class DoesNotStart {
        @ParameterizedTest
        @CsvSource({SIGN + ", DEADLINE_EXCEEDED", "/hello.v1.HelloService/NotDescribed, DEADLINE_EXCEEDED"})
        void nonIdempotentCalls(String path, Code end) {
            CoreFixture.Asked asked = core.ask(path, Duration.ofSeconds(5));
            asked.send("Hello", true);
            core.time.advance(Duration.ofSeconds(5));
            assertThat(core.transport.tried()).containsExactly("p1");
            assertThat(asked.caller().status).isEqualTo(end);
        }

        @Test
        void whatWasTooLargeToBeKept() {
            core = CoreFixture.serving(CoreFixture.keeping(4), "p1", "p2");
            firstIsSilent();
            CoreFixture.Asked asked = hello();
            core.time.advance(Duration.ofSeconds(15));
            assertThat(core.transport.tried()).containsExactly("p1");
            assertThat(asked.caller().status).isEqualTo(Code.DEADLINE_EXCEEDED);
        }

        @Test
        void whileTheBudgetIsEmpty_whichUsesUpNoAttempts() {
            core = CoreFixture.serving(
                    CoreFixture.repeating(6, Duration.ofMillis(20), new Settings.Budget(0, 1, 1)), "p1", "p2", "p3");
            core.transport.always("p1", Script.staysSilent());
            CoreFixture.Asked paid = hello();
            core.time.advance(DELAY);
            paid.caller().assertAnswered("World");
            CoreFixture.Asked asked = hello();
            core.time.advance(Duration.ofMillis(800));
            assertThat(asked.caller().heard).isEmpty();
            core.time.advance(Duration.ofMillis(400));
            asked.caller().assertAnswered("World");
        }

        @Test
        void withoutBudget() {
            core = CoreFixture.serving(
                    CoreFixture.repeating(6, Duration.ofMillis(20), new Settings.Budget(0, 0, 1)), "p1", "p2");
            firstIsSilent();
            hello();
            core.time.advance(Duration.ofSeconds(15));
            assertThat(core.transport.tried()).containsExactly("p1");
        }

        @Test
        void beyondTheLimitOfAttempts() {
            core = CoreFixture.serving(CoreFixture.repeating(2, Duration.ofMillis(20)), "p1", "p2", "p3");
            firstIsSilent();
            core.transport.always("p2", Script.staysSilent());
            hello();
            core.time.advance(Duration.ofSeconds(15));
            assertThat(core.transport.tried()).containsExactly("p1", "p2");
        }

        @Test
        void whereEveryInstanceIsBeingAsked() {
            core.transport.always("p2", Script.staysSilent());
            core.transport.always("p3", Script.staysSilent());
            hello();
            core.time.advance(Duration.ofSeconds(15));
            assertThat(core.transport.tried()).containsExactly("p1", "p2", "p3");
        }

        @Test
        void onASecondary_asLongAsThePrimaryIsOnlySlow() {
            core = CoreFixture.serving("p1", "s1");
            core.transport.always(
                    "p1", stream -> stream.later(Duration.ofMillis(500), () -> stream.answer("slow World")));
            CoreFixture.Asked asked = hello();
            core.time.advance(Duration.ofMillis(500));
            asked.caller().assertAnswered("slow World");
            assertThat(core.transport.tried()).containsExactly("p1");
        }

        @Test
        void whereAllAreSlow_andAThirdOfTheCallsHasOne() {
            core.transport.always("p2", Script.staysSilent());
            List<CoreFixture.Asked> calls =
                    Stream.generate(HedgeTest.this::hello).limit(90).toList();
            core.time.advance(DELAY);
            assertThat(core.transport.tried())
                    .hasSize(90 + 44)
                    .as("44 is a third of 90 + 44")
                    .containsOnly("p1", "p2");
            calls.forEach(CoreFixture.Asked::cancel);
        }

        @Test
        void beyondTwenty_whereCallsAreFew_butThenInTheirTurn() {
            core.transport.always("p2", Script.staysSilent());
            List<CoreFixture.Asked> calls =
                    Stream.generate(HedgeTest.this::hello).limit(30).toList();
            core.time.advance(DELAY);
            assertThat(core.transport.tried()).hasSize(30 + HedgeLimit.LEAST);
            for (int attempt = 31; attempt <= 40; attempt++) {
                core.transport.attempt(attempt).answer("World");
            }
            core.time.advance(DELAY);
            assertThat(core.transport.tried()).hasSize(30 + HedgeLimit.LEAST + 10);
            calls.forEach(CoreFixture.Asked::cancel);
        }

        @Test
        void onceAStreamHasBegunToRespond() {
            core.transport.always("p1", stream -> stream.later(Duration.ZERO, stream::headers));
            CoreFixture.Asked asked = core.ask(CHAT);
            asked.send("Hello", true);
            core.time.advance(Duration.ofMinutes(1));
            assertThat(core.transport.tried()).containsExactly("p1");
            asked.cancel();
        }

        @Test
        void afterTheDeadline() {
            CoreFixture.Asked asked = core.ask(SAY_HELLO, DELAY);
            asked.send("Hello", true);
            core.time.advance(DELAY);
            assertThat(core.transport.tried()).containsExactly("p1");
            assertThat(asked.caller().status).isEqualTo(Code.DEADLINE_EXCEEDED);
        }

        @Test
        void whenTheBalancerFails_andTheCallGoesOn() {
            core = new CoreFixture(Settings.defaults(), candidates -> {
                if (candidates.size() == 2) {
                    return candidates.getFirst();
                }
                throw new IllegalStateException("no idea");
            });
            core.register(CoreFixture.passing("p1"), CoreFixture.passing("p2"));
            core.directory.markLoaded();
            core.describe();
            firstIsSilent();
            CoreFixture.Asked asked = hello();
            core.time.advance(DELAY.multipliedBy(2));
            core.transport.attempt(1).answer("World");
            asked.caller().assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1");
        }
    }

    @Nested
    class Ends {
        @Test
        void hedgeThatWins_resetsTheFirst_andIsNamed() {
            CoreFixture.Asked asked = hello();
            core.time.advance(DELAY);
            assertThat(core.transport.attempt(1).cancelled).isTrue();
            assertThat(asked.exchange().answeredBy().id()).isEqualTo("p2");
            assertThat(core.instance("p1").inFlight()).isZero();
            assertThat(core.service().counts().hedges(Counts.Hedge.STARTED)).isEqualTo(1);
            assertThat(core.service().counts().hedges(Counts.Hedge.WON)).isEqualTo(1);
        }

        @Test
        void firstThatWins_resetsTheHedge_andIsNamed() {
            core.transport.always("p2", Script.staysSilent());
            CoreFixture.Asked asked = hello();
            core.time.advance(DELAY);
            assertThat(core.instance("p2").inFlight()).isEqualTo(1);
            core.transport.attempt(1).answer("late World");
            asked.caller().assertAnswered("late World");
            assertThat(core.transport.attempt(2).cancelled).isTrue();
            assertThat(asked.exchange().answeredBy().id()).isEqualTo("p1");
            assertThat(asked.exchange().attempts()).isEqualTo(2);
            assertThat(core.service().counts().hedges(Counts.Hedge.STARTED)).isEqualTo(1);
            assertThat(core.service().counts().hedges(Counts.Hedge.WON)).isZero();
        }

        @Test
        void headersOfBoth_areHeld_andTheFirstMessageWins() {
            core.transport.always("p2", Script.staysSilent());
            CoreFixture.Asked asked = hello();
            core.transport.attempt(1).headers();
            core.time.advance(DELAY);
            core.transport.attempt(2).headers();
            assertThat(asked.caller().heard).isEmpty();
            core.transport.attempt(2).chunk("World");
            assertThat(core.transport.attempt(1).cancelled).isTrue();
            core.transport.attempt(2).trailers(Code.OK);
            asked.caller().assertAnswered("World");
        }

        @Test
        void ofAStream_theFirstHeadersWin() {
            core.transport.always("p2", Script.staysSilent());
            CoreFixture.Asked asked = core.ask(CHAT);
            asked.send("Hello", true);
            core.time.advance(DELAY);
            core.transport.attempt(1).headers();
            assertThat(core.transport.attempt(2).cancelled).isTrue();
            assertThat(asked.caller().heard).containsExactly("headers");
            core.transport.attempt(1).trailers(Code.OK);
        }

        @Test
        void applicationError_wins() {
            core.transport.always("p2", Script.answers(Code.NOT_FOUND));
            CoreFixture.Asked asked = hello();
            core.time.advance(DELAY);
            assertThat(asked.caller().heard).containsExactly("trailers NOT_FOUND");
            assertThat(core.transport.attempt(1).cancelled).isTrue();
        }

        @Test
        void refusalOfTheHedge_isFollowedByAThird() {
            core.transport.always("p2", Script.answers(Code.UNAVAILABLE));
            CoreFixture.Asked asked = hello();
            core.time.advance(DELAY);
            asked.caller().assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p2", "p3");
            assertThat(core.transport.attempt(1).cancelled).isTrue();
        }

        @Test
        void failureWhileAnotherRuns_andNoInstanceIsLeft_doesNotEndTheCall() {
            core = CoreFixture.serving("p1", "p2");
            firstIsSilent();
            core.transport.always("p2", Script.breaks());
            CoreFixture.Asked asked = hello();
            core.time.advance(DELAY);
            assertThat(asked.caller().heard).isEmpty();
            core.transport.attempt(1).answer("World");
            asked.caller().assertAnswered("World");
            assertThat(core.transport.tried()).containsExactly("p1", "p2");
        }

        @Test
        void refusalWhileAnotherRuns_andTheBudgetIsUsedUp_doesNotEndTheCall() {
            core = CoreFixture.serving(
                    CoreFixture.repeating(6, Duration.ofMillis(20), new Settings.Budget(1, 0, 1)), "p1", "p2", "p3");
            firstIsSilent();
            core.transport.always("p2", Script.answers(Code.UNAVAILABLE));
            CoreFixture.Asked asked = hello();
            core.time.advance(DELAY);
            assertThat(core.transport.tried()).containsExactly("p1", "p2");
            assertThat(asked.caller().heard).isEmpty();
            core.transport.attempt(1).answer("World");
            asked.caller().assertAnswered("World");
        }

        @Test
        void failureOfTheFirst_leavesTheHedgeRunning() {
            core = CoreFixture.serving("p1", "p2");
            core.transport.always("p1", Script.breaks(DELAY.plusMillis(5)));
            core.transport.always("p2", stream -> stream.later(Duration.ofMillis(10), () -> stream.answer("World")));
            CoreFixture.Asked asked = hello();
            core.time.advance(DELAY.plusMillis(10));
            asked.caller().assertAnswered("World");
        }

        @Test
        void allFail_isToldOfEach() {
            core = CoreFixture.serving(CoreFixture.repeating(2, Duration.ofMillis(20)), "p1", "p2");
            core.transport.always("p1", Script.breaks(DELAY.plusMillis(5)));
            core.transport.always("p2", Script.breaks());
            CoreFixture.Asked asked = hello();
            core.time.advance(DELAY.plusMillis(5));
            asked.caller()
                    .assertFailed(
                            Code.UNAVAILABLE,
                            "hello-service gave no response: p2 (primary): connection reset;"
                                    + " p1 (primary): connection reset. Not retried: the limit of attempts is reached");
        }

        @Test
        void allFail_isFollowedByABackOff_whenAttemptsAreLeft() {
            core = CoreFixture.serving("p1", "p2");
            core.transport.always("p1", Script.answers("World"));
            core.transport.next("p1", Script.breaks(DELAY.plusMillis(5)));
            core.transport.always("p2", Script.breaks());
            CoreFixture.Asked asked = hello();
            core.time.advance(DELAY.plusMillis(5));
            assertThat(asked.caller().heard).isEmpty();
            core.time.advance(Duration.ofMillis(200));
            asked.caller().assertAnswered("World");
        }

        @Test
        void deadline_endsAllAndNamesAll() {
            core.transport.always("p2", Script.staysSilent());
            CoreFixture.Asked asked = core.ask(SAY_HELLO, DELAY.plusMillis(50));
            asked.send("Hello", true);
            core.time.advance(DELAY.plusMillis(50));
            asked.caller()
                    .assertFailed(
                            Code.DEADLINE_EXCEEDED,
                            "hello-service gave no response: p1 (primary):"
                                    + " no answer before the deadline; p2 (primary): no answer before the deadline");
            assertThat(core.transport.attempts).allMatch(attempt -> attempt.cancelled);
        }

        @Test
        void callerThatGoesAway_resetsAll() {
            core.transport.always("p2", Script.staysSilent());
            CoreFixture.Asked asked = hello();
            core.time.advance(DELAY);
            asked.cancel();
            assertThat(core.transport.attempts).hasSize(2).allMatch(attempt -> attempt.cancelled);
            assertThat(core.everyInstance).allMatch(instance -> instance.inFlight() == 0);
        }

        @Test
        void beingOvertaken_isNoEvidenceAgainstTheInstance() {
            core.transport.probeFinds("p1", null);
            for (int i = 0; i < 30; i++) {
                hello();
                core.time.advance(DELAY);
            }
            assertThat(core.instance("p1").ejected()).isFalse();
        }

        @Test
        void beingOvertaken_countsAsLatency() {
            for (int i = 0; i < 2; i++) { // what the first one took is not believed
                core.time.advance(Duration.ofMillis(1));
                hello();
                core.time.advance(DELAY);
            }
            assertThat(core.instance("p1").latency().nanos(core.time.nanos()))
                    .isCloseTo((double) DELAY.toNanos(), within(10.0));
            assertThat(core.instance("p2").latency().nanos(core.time.nanos())).isLessThan(1_000);
        }

        @Test
        void wantingNoMore_holdsForTheHedgeToo() {
            core.transport.always("p2", Script.staysSilent());
            CoreFixture.Asked asked = hello();
            asked.exchange().wantMore(false);
            core.time.advance(DELAY);
            assertThat(core.transport.attempt(2).wanted).isFalse();
            asked.exchange().wantMore(true);
            assertThat(List.of(core.transport.attempt(1), core.transport.attempt(2)))
                    .allMatch(attempt -> attempt.wanted);
            asked.cancel();
        }
    }

    private CoreFixture.Asked hello() {
        CoreFixture.Asked asked = core.ask(SAY_HELLO);
        asked.send("Hello", true);
        return asked;
    }
}
