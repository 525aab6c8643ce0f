package io.middleware.chaos.prove.workload;

import io.middleware.chaos.prove.history.Kind;
import io.middleware.chaos.prove.history.Submission;
import io.middleware.chaos.stack.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Does what a plan says, and notes each submission. */
final class OperationRun {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final int number;
    private final String name;
    private final Plan plan;
    private final Calls calls;
    private final Target target;
    private final Clock clock;
    private final Consumer<Submission> history;
    private final AtomicInteger submissions = new AtomicInteger();

    /** @param run prefix of the run's call ids and keys */
    OperationRun(
            int number, String run, Plan plan, Calls calls, Target target, Clock clock, Consumer<Submission> history) {
        this.number = number;
        this.name = run + number;
        this.plan = plan;
        this.calls = calls;
        this.target = target;
        this.clock = clock;
        this.history = history;
    }

    /** Runs it. {@code untilMicros}: when a call with a key is given up if it still has no response. */
    void run(long untilMicros) throws InterruptedException {
        long begin = clock.micros();
        boolean done = atOnce();
        Duration pause = FIRST_PAUSE;
        while (plan.kind() == Kind.KEYED && !done && clock.micros() < untilMicros) {
            clock.sleep(pause);
            done = submit(since(begin));
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
        if (plan.again() && done) {
            clock.sleep(plan.againAfter());
            submit(since(begin));
        }
    }

    private Duration since(long beginMicros) {
        return Duration.ofMillis((clock.micros() - beginMicros) / 1_000);
    }

    /** Returns whether one of the submissions that are sent at the same time got the last word. */
    private boolean atOnce() throws InterruptedException {
        List<FutureTask<Boolean>> others = new ArrayList<>();
        for (int each = 1; each < plan.atOnce(); each++) {
            FutureTask<Boolean> other = new FutureTask<>(() -> submit(null));
            others.add(other);
            Thread.ofVirtual().start(other);
        }
        boolean done = submit(null);
        for (FutureTask<Boolean> other : others) {
            try {
                done |= other.get();
            } catch (ExecutionException failed) {
                throw new IllegalStateException(failed.getCause());
            }
        }
        return done;
    }

    /**
     * Makes one call, and returns whether it got a response or an error that no repeat changes.
     *
     * @param resentAfter how long ago the operation's first call was sent; null for the first
     */
    private boolean submit(@Nullable Duration resentAfter) throws InterruptedException {
        boolean marked = plan.kind() == Kind.MARKED;
        String callId = name + "." + submissions.getAndIncrement();
        String key = plan.kind() == Kind.KEYED ? name : "";
        long begin = clock.micros();
        Request request = new Request(
                marked ? calls.marked() : calls.method(), calls.request(marked, name), callId, key, resentAfter);
        Reply reply = target.call(request);
        history.accept(new Submission(
                number,
                plan.kind(),
                target.protocol(),
                callId,
                key,
                begin,
                clock.micros(),
                Telling.told(plan.kind(), plan.http() || request.isResent(), reply),
                reply.inWords(),
                reply.attempts(),
                reply.instance(),
                reply.gateway(),
                reply.replayed(),
                reply.hash()));
        return !Telling.worthARepeat(reply.code());
    }
}
