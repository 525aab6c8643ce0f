package io.middleware.chaos.prove.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.chaos.prove.book.Execution;
import io.middleware.chaos.prove.history.Kind;
import io.middleware.chaos.prove.history.Submission;
import io.middleware.chaos.prove.history.Told;
import org.junit.jupiter.api.Test;

class CheckerTest {

    private final RunFixture run = new RunFixture();

    @Test
    void unmarkedCall_executedTwice_isFound_howeverItEnded() {
        for (Told told : Told.values()) {
            RunFixture each = new RunFixture();
            Submission call = each.call(1, Kind.UNMARKED, told, "");
            each.executed(call);
            each.executed(call);

            assertThat(each.broken()).contains(Rule.UNMARKED_ONCE);
            Violation first = each.check().violations().getFirst();
            assertThat(first.submissions()).containsExactly(call);
            assertThat(first.executions()).hasSize(2);
        }
    }

    @Test
    void keyedCalls_executedTwice_areFound_byTheirKey() {
        run.executed(run.call(1, Kind.KEYED, Told.UNKNOWN, ""));
        run.executed(run.call(1, Kind.KEYED, Told.OK, "a"));

        assertThat(run.broken()).containsExactly(Rule.KEY_ONCE);
    }

    @Test
    void keyedCalls_executedTwice_areFound_byTheirCallIds_whenTheKeyGotLost() {
        Submission first = run.call(1, Kind.KEYED, Told.OK, "a");
        Submission repeat = run.call(1, Kind.KEYED, Told.OK, "a");
        run.executed(first.callId(), "");
        run.executed(repeat.callId(), "");

        assertThat(run.broken()).containsExactly(Rule.KEY_ONCE);
    }

    @Test
    void successWithoutAnExecution_isFound() {
        run.call(1, Kind.UNMARKED, Told.OK, "a");
        run.call(2, Kind.KEYED, Told.OK, "b");

        assertThat(run.broken()).containsExactly(Rule.OK_EXECUTED, Rule.OK_EXECUTED);
    }

    @Test
    void callToldNotExecuted_thatWas_isFound() {
        run.executed(run.call(1, Kind.UNMARKED, Told.NOT_EXECUTED, ""));

        assertThat(run.broken()).containsExactly(Rule.UNSENT_NOT_EXECUTED);
    }

    @Test
    void callToldNotExecuted_mayBeFollowedByOneThatWas() {
        run.call(1, Kind.KEYED, Told.NOT_EXECUTED, "");
        run.executed(run.call(1, Kind.KEYED, Told.OK, "a"));

        assertThat(run.broken()).isEmpty();
    }

    /** The key makes a repeat harmless, but no lie true. */
    @Test
    void keyedCallToldNotExecuted_thatWas_isFound_althoughItsKeyRanOnce() {
        Submission lied = run.call(1, Kind.KEYED, Told.NOT_EXECUTED, "");
        run.call(1, Kind.KEYED, Told.OK, "a");
        run.executed(lied);

        assertThat(run.broken()).containsExactly(Rule.UNSENT_NOT_EXECUTED);
    }

    @Test
    void doubtWithoutAnAttempt_isFound() {
        run.call(1, Kind.UNMARKED, Told.UNFOUNDED, "");
        run.call(2, Kind.KEYED, Told.UNFOUNDED, "");
        run.executed(run.call(2, Kind.KEYED, Told.OK, "a"));

        assertThat(run.broken()).containsExactly(Rule.DOUBT_FOUNDED, Rule.DOUBT_FOUNDED);
    }

    @Test
    void responsesToOneKey_thatDiffer_areFound() {
        run.executed(run.call(1, Kind.KEYED, Told.OK, "a"));
        run.call(1, Kind.KEYED, Told.UNKNOWN, "");
        run.call(1, Kind.KEYED, Told.OK, "b");

        assertThat(run.broken()).containsExactly(Rule.SAME_RESPONSE);
    }

    @Test
    void executionThatNobodyAskedFor_isFound() {
        Execution strange = run.executed(RunFixture.RUN + "77.0", "");

        assertThat(run.broken()).containsExactly(Rule.NOTHING_UNASKED);
        assertThat(run.check().violations().getFirst().executions()).containsExactly(strange);
    }

    @Test
    void executionsOfOtherCallers_countForNothing() {
        run.executed("somebody's", "");
        run.executed("somebody's", "their-key");

        assertThat(run.broken()).isEmpty();
        assertThat(run.check().figures().executions()).isZero();
    }

    @Test
    void executionThatSeveralServersTellOf_countsOnce() {
        Execution execution = run.executed(run.call(1, Kind.UNMARKED, Told.OK, "a"));
        run.books.add(execution);

        assertThat(run.broken()).isEmpty();
        assertThat(run.check().figures().executions()).isEqualTo(1);
    }

    @Test
    void callOfWhichNothingIsKnown_mayHaveBeenExecutedOrNot() {
        run.executed(run.call(1, Kind.UNMARKED, Told.UNKNOWN, ""));
        run.call(2, Kind.UNMARKED, Told.UNKNOWN, "");
        run.call(3, Kind.KEYED, Told.UNKNOWN, "");

        assertThat(run.broken()).isEmpty();
        assertThat(run.check().figures().unknown()).isEqualTo(2);
        assertThat(run.check().figures().unknownExecuted()).isEqualTo(1);
    }

    @Test
    void markedCalls_mayBeExecutedAnyNumberOfTimes() {
        Submission call = run.call(1, Kind.MARKED, Told.OK, "a");
        run.executed(call);
        run.executed(call);
        run.call(2, Kind.MARKED, Told.OK, "a");

        assertThat(run.broken()).isEmpty();
    }

    @Test
    void figures_countCallsAndKeys() {
        run.executed(run.call(1, Kind.UNMARKED, Told.OK, "a"));
        run.call(2, Kind.UNMARKED, Told.NOT_EXECUTED, "");
        run.executed(run.call(3, Kind.KEYED, Told.UNKNOWN, ""));
        run.call(3, Kind.KEYED, Told.OK, "b");
        run.executed(run.call(4, Kind.KEYED, Told.OK, "c"));
        run.call(5, Kind.KEYED, Told.UNKNOWN, "");
        run.call(6, Kind.MARKED, Told.UNKNOWN, "");

        assertThat(run.check().figures()).isEqualTo(new Figures(7, 2, 1, 1, 0, 0, 3, 2, 1, 0, 1, 0, 1, 1, 3));
        assertThat(run.check().figures().keyedWithout()).isEqualTo(1);
    }

    @Test
    void runInWhichNothingSucceeded_provesNothing() {
        run.call(1, Kind.UNMARKED, Told.NOT_EXECUTED, "");

        assertThat(run.broken()).isEmpty();
        assertThat(run.check().proved()).isFalse();
        run.executed(run.call(2, Kind.UNMARKED, Told.OK, "a"));
        assertThat(run.check().proved()).isTrue();
    }
}
