package io.middleware.chaos.prove.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.chaos.prove.book.Execution;
import io.middleware.chaos.prove.history.Kind;
import io.middleware.chaos.prove.history.Submission;
import io.middleware.chaos.prove.history.Told;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Random runs of a system that keeps its word, and the same with one lie. {@code -Dseed=N} repeats one. */
class CheckerPropertyTest {

    private static final int RUNS = 500;
    private static final int OPERATIONS = 40;

    private final long seed = Long.getLong("seed", System.nanoTime());

    @Test
    void systemThatKeepsItsWord_neverFails() {
        for (int each = 0; each < RUNS; each++) {
            assertThat(run(new Random(seed + each)).broken())
                    .as("seed %s", seed + each)
                    .isEmpty();
        }
    }

    @Test
    void secondExecutionOfACall_isFound() {
        findsEach(Rule.UNMARKED_ONCE, call -> call.kind() == Kind.UNMARKED, (run, call) -> {
            run.books.removeIf(execution -> execution.callId().equals(call.callId()));
            run.executed(call);
            run.executed(call);
        });
    }

    @Test
    void secondExecutionOfAKey_isFound() {
        findsEach(Rule.KEY_ONCE, call -> call.kind() == Kind.KEYED, (run, call) -> {
            run.executed(call);
            run.executed(call.callId(), "");
        });
    }

    @Test
    void executionThatIsGone_isFound() {
        findsEach(
                Rule.OK_EXECUTED,
                call -> call.ok() && call.kind() != Kind.MARKED,
                (run, call) ->
                        run.books.removeIf(execution -> execution.callId().equals(call.callId())
                                || !call.key().isEmpty() && execution.key().equals(call.key())));
    }

    @Test
    void lieAboutACallThatRan_isFound() {
        findsEach(
                Rule.UNSENT_NOT_EXECUTED,
                call -> call.told() == Told.NOT_EXECUTED && call.kind() != Kind.MARKED,
                RunFixture::executed);
    }

    @Test
    void lieAboutAKeyedCallThatRan_isFound() {
        findsEach(
                Rule.UNSENT_NOT_EXECUTED,
                call -> call.kind() == Kind.KEYED && !call.ok(),
                (run, call) -> run.executed(run.call(call.operation(), Kind.KEYED, Told.NOT_EXECUTED, "")));
    }

    @Test
    void falseAlarm_isFound() {
        findsEach(
                Rule.DOUBT_FOUNDED,
                call -> call.kind() != Kind.MARKED,
                (run, call) -> run.call(call.operation(), call.kind(), Told.UNFOUNDED, ""));
    }

    @Test
    void anotherResponse_isFound() {
        findsEach(
                Rule.SAME_RESPONSE,
                call -> call.ok() && call.kind() == Kind.KEYED,
                (run, call) -> run.call(call.operation(), Kind.KEYED, Told.OK, "another"));
    }

    /** Injects the same lie into many runs, at a call that it can be told about. */
    private void findsEach(Rule rule, Predicate<Submission> suits, BiConsumer<RunFixture, Submission> lie) {
        int lies = 0;
        for (int each = 0; each < RUNS; each++) {
            Random random = new Random(seed + each);
            RunFixture run = run(random);
            List<Submission> calls = run.submissions.stream().filter(suits).toList();
            if (!calls.isEmpty()) {
                lies++;
                lie.accept(run, calls.get(random.nextInt(calls.size())));
                assertThat(run.broken()).as("seed %s", seed + each).contains(rule);
            }
        }
        assertThat(lies).isGreaterThan(RUNS / 2);
    }

    private static RunFixture run(Random random) {
        RunFixture run = new RunFixture();
        for (int operation = 0; operation < OPERATIONS; operation++) {
            switch (Kind.values()[random.nextInt(3)]) {
                case UNMARKED -> unmarked(run, random, operation);
                case KEYED -> keyed(run, random, operation);
                case MARKED -> run.call(operation, Kind.MARKED, Told.values()[random.nextInt(4)], "hello");
            }
        }
        for (int others = random.nextInt(5); others > 0; others--) {
            run.executed("other-" + random.nextInt(3), "");
        }
        // several servers tell of the same database, in any order
        List<Execution> books = List.copyOf(run.books);
        books.stream().filter(execution -> random.nextBoolean()).forEach(run.books::add);
        Collections.shuffle(run.books, random);
        return run;
    }

    private static void unmarked(RunFixture run, Random random, int operation) {
        boolean executes = random.nextBoolean();
        boolean silent = random.nextInt(4) == 0;
        Told told = silent ? Told.UNKNOWN : executes ? Told.OK : Told.NOT_EXECUTED;
        Submission call = run.call(operation, Kind.UNMARKED, told, executes ? "response" : "");
        if (executes) {
            run.executed(call);
        }
    }

    private static void keyed(RunFixture run, Random random, int operation) {
        boolean executed = false;
        for (int submission = random.nextInt(4); submission >= 0; submission--) {
            boolean reaches = random.nextInt(4) > 0;
            boolean silent = random.nextInt(3) == 0;
            Told told = silent ? Told.UNKNOWN : reaches ? Told.OK : Told.NOT_EXECUTED;
            Submission call = run.call(operation, Kind.KEYED, told, reaches && !silent ? "of " + operation : "");
            if (reaches && !executed) {
                run.executed(call);
                executed = true;
            }
        }
    }
}
