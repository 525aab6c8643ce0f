package io.middleware.chaos.prove;

import io.middleware.chaos.prove.book.Execution;
import io.middleware.chaos.prove.book.ExecutionBooks;
import io.middleware.chaos.prove.check.Checker;
import io.middleware.chaos.prove.check.Judgement;
import io.middleware.chaos.prove.history.History;
import io.middleware.chaos.prove.workload.Workload;
import io.middleware.chaos.stack.Clock;
import io.middleware.chaos.stack.FaultInjector;
import io.middleware.chaos.stack.FaultSpan;
import io.middleware.chaos.stack.Parts;
import io.middleware.chaos.stack.Stack;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BiConsumer;

/** Makes calls while parts are broken, reads the books, and has them compared. */
final class Prover {

    /** What a run gave. */
    record Proof(History history, List<Execution> books, List<FaultSpan> faults, Judgement judgement) {}

    /**
     * The settings of a run.
     *
     * @param name      prefix of its call ids and keys
     * @param perSecond calls a second
     * @param books     where the servers' books are read
     */
    record Run(
            String name, String method, Duration time, int perSecond, List<Fault> faults, long seed, List<URI> books) {}

    private final Stack stack;
    private final Parts parts;
    private final Clock clock;

    Prover(Stack stack, Parts parts, Clock clock) {
        this.stack = stack;
        this.parts = parts;
        this.clock = clock;
    }

    /** @param heard gets each fault and its part, when it has happened */
    Proof prove(Run run, Workload workload, BiConsumer<Fault, String> heard) throws InterruptedException {
        ExecutionBooks books = new ExecutionBooks(run.books, clock);
        books.begin();
        workload.check();
        FutureTask<Void> calls = new FutureTask<>(() -> {
            workload.run(run.time, run.perSecond);
            return null;
        });
        Thread.ofVirtual().start(calls);
        List<FaultSpan> spans;
        try (FaultInjector injector = new FaultInjector(stack, clock, parts)) {
            spans = new FaultSeries(injector, clock, run.faults, run.seed).play(run.time, heard);
        }
        await(calls);
        History history = new History(run.name, run.method, workload.submissions());
        List<Execution> executions = books.settled();
        return new Proof(history, executions, spans, Checker.check(history, executions));
    }

    private static void await(FutureTask<Void> calls) throws InterruptedException {
        try {
            calls.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }
}
