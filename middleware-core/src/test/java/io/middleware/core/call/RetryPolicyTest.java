package io.middleware.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Code;
import io.middleware.core.Outcome;
import io.middleware.core.record.Decision;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Every state of a call that the policy can meet, against the rules as the README states them: the first that applies decides. */
class RetryPolicyTest {
    private static final int MOST_ATTEMPTS = 6;
    private static final long SILENT_AFTER = 100_000_000;
    private static final long HEDGE_DELAY = 400_000_000;

    private final RetryPolicy policy = new RetryPolicy(MOST_ATTEMPTS, SILENT_AFTER);

    /** What can be true of a call. */
    private enum Fact {
        IDEMPOTENT,
        REQUEST_KEPT,
        ALL_ATTEMPTS_USED,
        MAY_HAVE_RUN,
        BLAMED_TWICE,
        RETRIES_LEFT,
        BUDGET_LEFT,
        RETRY_REQUESTED,
        RETRY_FORBIDDEN,
        MUST_WAIT,
        KEY_IN_USE,
        UNTRIED_LEFT,
        AVAILABLE_UNTRIED_LEFT,
        ALL_TRIED_BEFORE,
        OTHERS,
        // while waiting only
        PEER_HAS_ROOM,
        LATEST_UNSENT,
        LATEST_LOST,
        SOME_UNSENT,
        SOME_STRANDED,
        ALL_UNAVAILABLE,
        CHECKED,
        HEDGE_REFUSED
    }

    private record State(Set<Fact> facts, int inFlight, long waited) implements CallState {
        boolean is(Fact fact) {
            return facts.contains(fact);
        }

        boolean mightRunTwice() {
            return !is(Fact.IDEMPOTENT) && (is(Fact.OTHERS) || is(Fact.MAY_HAVE_RUN));
        }

        @Override
        public boolean idempotent() {
            return is(Fact.IDEMPOTENT);
        }

        @Override
        public boolean requestKept() {
            return is(Fact.REQUEST_KEPT);
        }

        @Override
        public int attempts() {
            return is(Fact.ALL_ATTEMPTS_USED) ? MOST_ATTEMPTS : MOST_ATTEMPTS - 1;
        }

        @Override
        public boolean mayHaveRun() {
            return is(Fact.MAY_HAVE_RUN);
        }

        @Override
        public boolean requestBlamedTwice() {
            return is(Fact.BLAMED_TWICE);
        }

        @Override
        public boolean retriesLeft() {
            return is(Fact.RETRIES_LEFT);
        }

        @Override
        public boolean budgetLeft() {
            return is(Fact.BUDGET_LEFT);
        }

        @Override
        public boolean retryRequested() {
            return is(Fact.RETRY_REQUESTED);
        }

        @Override
        public boolean retryForbidden() {
            return is(Fact.RETRY_FORBIDDEN);
        }

        @Override
        public boolean mustWait() {
            return is(Fact.MUST_WAIT);
        }

        @Override
        public boolean keyInUse() {
            return is(Fact.KEY_IN_USE);
        }

        @Override
        public boolean untriedLeft() {
            return is(Fact.UNTRIED_LEFT);
        }

        @Override
        public boolean availableUntriedLeft() {
            return is(Fact.AVAILABLE_UNTRIED_LEFT);
        }

        @Override
        public boolean allTriedBefore() {
            return is(Fact.ALL_TRIED_BEFORE);
        }

        @Override
        public boolean peerHasRoom() {
            return is(Fact.PEER_HAS_ROOM);
        }

        @Override
        public long waited(long now) {
            return waited;
        }

        @Override
        public boolean latestUnsent() {
            return is(Fact.LATEST_UNSENT);
        }

        @Override
        public boolean latestLost() {
            return is(Fact.LATEST_LOST);
        }

        @Override
        public boolean someUnsent() {
            return is(Fact.SOME_UNSENT);
        }

        @Override
        public boolean someStranded() {
            return is(Fact.SOME_STRANDED);
        }

        @Override
        public boolean allUnavailable() {
            return is(Fact.ALL_UNAVAILABLE);
        }

        @Override
        public long hedgeDelay(long now) {
            return HEDGE_DELAY;
        }

        @Override
        public boolean instancesChecked() {
            return is(Fact.CHECKED);
        }

        @Override
        public boolean hedgeRefused() {
            return is(Fact.HEDGE_REFUSED);
        }
    }

    /** A rule of the README: where it applies and no rule before it does, that is decided. */
    private record Rule<C, D>(String name, Predicate<C> applies, D decision) {}

    private static <C, D> Rule<C, D> rule(String name, Predicate<C> applies, D decision) {
        return new Rule<>(name, applies, decision);
    }

    private static <C, D> D decide(List<Rule<C, D>> rules, C now, Set<String> used) {
        for (Rule<C, D> rule : rules) {
            if (rule.applies().test(now)) {
                used.add(rule.name());
                return rule.decision();
            }
        }
        throw new AssertionError("no rule for " + now);
    }

    /** Every combination of the facts. {@code inFlight}: attempts without the others. */
    private static List<State> states(Set<Fact> facts, int inFlight, long waited) {
        List<Fact> asked = List.copyOf(facts);
        List<State> states = new ArrayList<>();
        for (int bits = 0; bits < 1 << asked.size(); bits++) {
            EnumSet<Fact> set = EnumSet.noneOf(Fact.class);
            for (int i = 0; i < asked.size(); i++) {
                if ((bits >> i & 1) == 1) {
                    set.add(asked.get(i));
                }
            }
            states.add(new State(set, inFlight + (set.contains(Fact.OTHERS) ? 1 : 0), waited));
        }
        return states;
    }

    // after an attempt

    private record Ended(Outcome outcome, State state) {
        boolean is(Fact fact) {
            return state.is(fact);
        }

        boolean code(Code code) {
            return outcome.code() == code;
        }

        boolean answered() {
            return outcome.kind() == Outcome.Kind.ANSWERED;
        }
    }

    private static final List<Outcome> OUTCOMES = List.of(
            Outcome.answered(Code.OK),
            Outcome.answered(Code.NOT_FOUND),
            Outcome.answered(Code.INTERNAL),
            Outcome.answered(Code.UNAVAILABLE),
            Outcome.answered(Code.RESOURCE_EXHAUSTED),
            Outcome.answered(Code.ABORTED),
            new Outcome(Outcome.Kind.UNSENT, Code.UNIMPLEMENTED, "not there", Outcome.Evidence.NONE),
            Outcome.unsent("refused stream"),
            Outcome.unreachable("connection refused"),
            Outcome.unsentByRequest("goaway"),
            Outcome.broken(Code.UNAVAILABLE, "connection reset"),
            Outcome.brokenByRequest("protocol error"),
            Outcome.rejected(Code.INTERNAL, "protocol error"),
            Outcome.expired());

    private static final List<Rule<Ended, Decision.AfterAttempt>> AFTER_ATTEMPT = List.of(
            rule(
                    "the server responded",
                    e -> e.answered()
                            && !e.code(Code.UNAVAILABLE)
                            && !e.code(Code.RESOURCE_EXHAUSTED)
                            && !e.code(Code.ABORTED),
                    RetryPolicy.RESPOND),
            rule(
                    "aborted by the application",
                    e -> e.answered() && e.code(Code.ABORTED) && !e.is(Fact.KEY_IN_USE),
                    RetryPolicy.RESPOND),
            rule(
                    "a quota may be used up",
                    e -> e.answered() && e.code(Code.RESOURCE_EXHAUSTED) && !e.is(Fact.RETRY_REQUESTED),
                    RetryPolicy.RESPOND),
            rule("the deadline has passed", e -> e.code(Code.DEADLINE_EXCEEDED), RetryPolicy.TIME_IS_OVER),
            rule(
                    "unimplemented, another is asked",
                    e -> e.code(Code.UNIMPLEMENTED)
                            && !e.is(Fact.OTHERS)
                            && e.is(Fact.REQUEST_KEPT)
                            && e.is(Fact.AVAILABLE_UNTRIED_LEFT)
                            && !e.is(Fact.ALL_ATTEMPTS_USED),
                    RetryPolicy.RETRY_FREE),
            rule(
                    "unimplemented, nobody is left",
                    e -> e.code(Code.UNIMPLEMENTED) && !e.is(Fact.OTHERS),
                    RetryPolicy.RESPOND),
            rule("unimplemented, others in flight", e -> e.code(Code.UNIMPLEMENTED), RetryPolicy.AWAIT_OTHERS),
            rule(
                    "others in flight, and none may follow",
                    e -> e.is(Fact.OTHERS)
                            && (e.outcome().kind() == Outcome.Kind.REJECTED
                                    || e.outcome().blamesRequest() && e.is(Fact.BLAMED_TWICE)
                                    || e.is(Fact.RETRY_FORBIDDEN)
                                    || e.is(Fact.MUST_WAIT)
                                    || e.code(Code.ABORTED)
                                    || !e.is(Fact.UNTRIED_LEFT)
                                    || e.state().mightRunTwice()
                                    || !e.is(Fact.REQUEST_KEPT)),
                    RetryPolicy.AWAIT_OTHERS),
            rule("rejected", e -> e.outcome().kind() == Outcome.Kind.REJECTED, RetryPolicy.REJECTED),
            rule(
                    "the request breaks connections",
                    e -> e.outcome().blamesRequest() && e.is(Fact.BLAMED_TWICE),
                    RetryPolicy.REJECTED),
            rule("a server forbids it", e -> e.is(Fact.RETRY_FORBIDDEN), RetryPolicy.FORBIDDEN),
            rule("not idempotent, and may have run", e -> e.state().mightRunTwice(), RetryPolicy.NOT_IDEMPOTENT),
            rule("the request is not kept", e -> !e.is(Fact.REQUEST_KEPT), RetryPolicy.NOT_KEPT),
            rule(
                    "unsent, each instance in the first round",
                    e -> e.outcome().kind() == Outcome.Kind.UNSENT
                            && e.is(Fact.UNTRIED_LEFT)
                            && (!e.is(Fact.ALL_TRIED_BEFORE) || !e.is(Fact.ALL_ATTEMPTS_USED)),
                    RetryPolicy.RETRY_FREE),
            rule(
                    "too many or unpaid, others in flight",
                    e -> e.is(Fact.OTHERS)
                            && (e.is(Fact.ALL_ATTEMPTS_USED) && e.is(Fact.ALL_TRIED_BEFORE)
                                    || !e.is(Fact.RETRIES_LEFT)
                                    || !e.is(Fact.BUDGET_LEFT)),
                    RetryPolicy.AWAIT_OTHERS),
            rule(
                    "too many attempts",
                    e -> e.is(Fact.ALL_ATTEMPTS_USED)
                            && (e.code(Code.ABORTED) || !e.is(Fact.UNTRIED_LEFT) || e.is(Fact.ALL_TRIED_BEFORE)),
                    RetryPolicy.TOO_MANY),
            rule("too many retries", e -> !e.is(Fact.RETRIES_LEFT), RetryPolicy.TOO_MANY),
            rule("no budget", e -> !e.is(Fact.BUDGET_LEFT), Decision.NO_BUDGET),
            rule("retry elsewhere", e -> e.is(Fact.UNTRIED_LEFT) && !e.code(Code.ABORTED), RetryPolicy.RETRY_ELSEWHERE),
            rule("retry after a back-off", e -> true, RetryPolicy.RETRY_LATER));

    @Test
    void afterAttempt_decidesByTheFirstRuleThatApplies() {
        Set<String> used = new TreeSet<>();
        for (State state : states(EnumSet.range(Fact.IDEMPOTENT, Fact.OTHERS), 0, -1)) {
            for (Outcome outcome : OUTCOMES) {
                Ended ended = new Ended(outcome, state);
                Decision.AfterAttempt expected = decide(AFTER_ATTEMPT, ended, used);
                Decision.AfterAttempt decision = policy.afterAttempt(outcome, state);
                if (!decision.equals(expected)) {
                    assertThat(decision).as("%s", ended).isEqualTo(expected);
                }
            }
        }
        assertThat(used).as("rules that decided something").hasSize(AFTER_ATTEMPT.size());
    }

    @Test
    void afterAttempt_neverRunsACallTwiceThatIsNotIdempotent() {
        for (State state : states(EnumSet.range(Fact.IDEMPOTENT, Fact.OTHERS), 0, -1)) {
            for (Outcome outcome : OUTCOMES) {
                boolean retried = policy.afterAttempt(outcome, state) instanceof Decision.Retry;
                if (retried && state.mightRunTwice() && outcome.code() != Code.UNIMPLEMENTED) {
                    throw new AssertionError("retried after " + outcome + ": " + state);
                }
            }
        }
    }

    // while no attempt ends

    private static final long SOON = SILENT_AFTER / 2;
    private static final long OVERDUE = SILENT_AFTER;
    private static final long HEDGED = HEDGE_DELAY;
    private static final long LONG = 100 * HEDGE_DELAY;

    private static boolean canMove(State s) {
        return s.is(Fact.SOME_UNSENT)
                && s.is(Fact.REQUEST_KEPT)
                && !s.mightRunTwice()
                && !s.is(Fact.ALL_TRIED_BEFORE)
                && !s.is(Fact.RETRY_FORBIDDEN)
                && !s.is(Fact.MUST_WAIT)
                && s.is(Fact.AVAILABLE_UNTRIED_LEFT)
                && s.is(Fact.PEER_HAS_ROOM);
    }

    private static boolean canHedge(State s) {
        return (s.waited() >= HEDGED || s.is(Fact.ALL_UNAVAILABLE))
                && s.is(Fact.IDEMPOTENT)
                && s.is(Fact.REQUEST_KEPT)
                && !s.is(Fact.ALL_ATTEMPTS_USED)
                && s.is(Fact.RETRIES_LEFT)
                && !s.is(Fact.RETRY_FORBIDDEN)
                && !s.is(Fact.MUST_WAIT)
                && !s.is(Fact.HEDGE_REFUSED);
    }

    private static Decision.WhileWaiting again(long nanos) {
        return new Decision.LookAgain(nanos);
    }

    private static final List<Rule<State, Decision.WhileWaiting>> WHILE_WAITING = List.of(
            rule(
                    "unsent, and its instance is unavailable",
                    s -> s.is(Fact.SOME_STRANDED)
                            && s.is(Fact.REQUEST_KEPT)
                            && s.is(Fact.UNTRIED_LEFT)
                            && !s.mightRunTwice(),
                    RetryPolicy.MOVE_STRANDED),
            rule("lost", s -> !s.is(Fact.IDEMPOTENT) && s.is(Fact.LATEST_LOST), RetryPolicy.REPORT_LOST),
            rule("incomplete, unsent", s -> s.waited() < 0 && canMove(s), RetryPolicy.MOVE_UNSENT),
            rule(
                    "incomplete, and the latest unsent",
                    s -> s.waited() < 0 && s.is(Fact.LATEST_UNSENT),
                    again(HEDGE_DELAY)),
            rule("incomplete", s -> s.waited() < 0, RetryPolicy.REST),
            rule("not overdue", s -> s.waited() == SOON, again(SILENT_AFTER - SOON)),
            rule("overdue", s -> !s.is(Fact.CHECKED), RetryPolicy.CHECK_INSTANCES),
            rule("nobody is available", s -> canHedge(s) && s.is(Fact.ALL_UNAVAILABLE), RetryPolicy.HEDGE_ANYWHERE),
            rule("slow", RetryPolicyTest::canHedge, RetryPolicy.HEDGE),
            rule(
                    "unsent, and not to be hedged later",
                    s -> canMove(s) && (s.waited() >= HEDGED || s.is(Fact.ALL_UNAVAILABLE) || !s.is(Fact.IDEMPOTENT)),
                    RetryPolicy.MOVE_UNSENT),
            rule(
                    "overdue and unavailable",
                    s -> s.waited() <= HEDGED && s.is(Fact.ALL_UNAVAILABLE),
                    again(SILENT_AFTER / 2)),
            rule("overdue for long", s -> s.waited() == LONG, again(LONG / 8)),
            rule("hedged in vain", s -> s.waited() == HEDGED, again(HEDGE_DELAY)),
            rule("not yet hedged", s -> s.waited() == OVERDUE, again(SILENT_AFTER / 2)));

    @Test
    void whileWaiting_decidesByTheFirstRuleThatApplies() {
        Set<String> used = new TreeSet<>();
        // those that the policy does not ask for while it waits are left out
        Set<Fact> asked = EnumSet.complementOf(
                EnumSet.of(Fact.BLAMED_TWICE, Fact.BUDGET_LEFT, Fact.RETRY_REQUESTED, Fact.KEY_IN_USE));
        for (long waited : new long[] {-1, SOON, OVERDUE, HEDGED, LONG}) {
            for (State state : states(asked, 1, waited)) {
                Decision.WhileWaiting expected = decide(WHILE_WAITING, state, used);
                Decision.WhileWaiting decision = policy.whileWaiting(0, state);
                if (!decision.equals(expected)) {
                    assertThat(decision).as("%s", state).isEqualTo(expected);
                }
            }
        }
        assertThat(used).as("rules that decided something").hasSize(WHILE_WAITING.size());
    }

    @Test
    void timerThatFiresALittleEarly_isTakenForOnTime() {
        State early = new State(EnumSet.of(Fact.IDEMPOTENT), 1, OVERDUE - RetryPolicy.SLACK);

        assertThat(policy.whileWaiting(0, early)).isEqualTo(RetryPolicy.CHECK_INSTANCES);
    }

    @Test
    void method_thatIsFasterThanSilenceIsNoticed_isOverdueWhenItIsHedged() {
        assertThat(policy.overdueAfter(SILENT_AFTER / 4)).isEqualTo(SILENT_AFTER / 4);
        assertThat(policy.overdueAfter(HEDGE_DELAY)).isEqualTo(SILENT_AFTER);
    }
}
