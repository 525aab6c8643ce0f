package io.middleware.chaos.prove.workload;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.middleware.chaos.prove.history.Submission;
import io.middleware.chaos.stack.Clock;
import io.middleware.chaos.stack.Part;
import io.middleware.chaos.stack.Stack;
import io.middleware.client.schema.ReflectedSchema;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Calls at a fixed rate, each on a thread of its own, with what their callers were told. */
public final class Workload implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    /** How long a description may take to arrive. */
    private static final Duration DESCRIPTION = Duration.ofSeconds(10);
    /** How long calls with keys are repeated after the run: all parts are there again. */
    private static final Duration REPEATS_AFTER = Duration.ofSeconds(20);

    private final String run;
    private final Calls calls;
    private final Methods methods;
    private final Target grpc;
    private final Target http;
    private final Clock clock;
    private final Random random;
    private final ConcurrentLinkedQueue<Submission> history = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

    private Workload(String run, Calls calls, Methods methods, Target grpc, Target http, Clock clock, long seed) {
        this.run = run;
        this.calls = calls;
        this.methods = methods;
        this.grpc = grpc;
        this.http = http;
        this.clock = clock;
        this.random = new Random(seed);
    }

    /** Returns one that calls through Nginx. {@code run}: prefix of its call ids and keys. */
    public static Workload through(Part nginx, String run, Calls calls, Clock clock, long seed) {
        ManagedChannel channel = Grpc.newChannelBuilderForAddress(
                        nginx.host(), port(nginx, "grpc"), InsecureChannelCredentials.create())
                .build();
        Methods methods = new Methods(new ReflectedSchema(channel, DESCRIPTION));
        return new Workload(
                run,
                calls,
                methods,
                new GrpcTarget(channel, methods, DEADLINE),
                new HttpTarget(URI.create("http://" + nginx.host() + ":" + port(nginx, "http")), DEADLINE),
                clock,
                seed);
    }

    private static int port(Part part, String name) {
        return Objects.requireNonNull(part.ports().get(name));
    }

    /**
     * Checks that there is such a method, and that it takes the request.
     *
     * @throws Stack.StackException if not, or if it is marked as harmless to repeat: nothing could be proved with it
     */
    public void check() {
        if (methods.marked(calls.method())) {
            throw new Stack.StackException(calls.method()
                    + " is marked with an idempotency_level, so that it may run twice: expected a method without one");
        }
        try {
            GrpcTarget.message(methods.find(calls.method()), calls.request(false, run));
        } catch (IllegalArgumentException wrong) {
            throw new Stack.StackException("--data: " + wrong.getMessage());
        }
    }

    /**
     * Makes calls for this time, and returns when all have ended.
     *
     * @param perSecond calls a second, without repeats
     */
    public void run(Duration time, int perSecond) throws InterruptedException {
        long begin = clock.micros();
        long end = begin + TimeUnit.NANOSECONDS.toMicros(time.toNanos());
        long giveUp = end + TimeUnit.NANOSECONDS.toMicros(REPEATS_AFTER.toNanos());
        Phaser running = new Phaser(1);
        for (int number = 0; ; number++) {
            long due = begin + number * 1_000_000L / perSecond;
            if (due >= end || failure.get() != null) {
                break;
            }
            clock.sleep(Duration.ofNanos(Math.max(0, due - clock.micros()) * 1_000));
            start(number, running, giveUp);
        }
        int phase = running.arrive();
        try {
            running.awaitAdvanceInterruptibly(
                    phase, REPEATS_AFTER.plus(DEADLINE.multipliedBy(3)).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new Stack.StackException("calls did not end, long after their deadlines");
        }
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
    }

    private void start(int number, Phaser running, long giveUp) {
        Plan plan = Plan.draw(random, calls.keys(), !calls.marked().isEmpty());
        OperationRun operation =
                new OperationRun(number, run, plan, calls, plan.http() ? http : grpc, clock, history::add);
        running.register();
        Thread.ofVirtual().start(() -> {
            try {
                operation.run(giveUp);
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException broken) {
                failure.compareAndSet(null, broken);
            } finally {
                running.arriveAndDeregister();
            }
        });
    }

    /** Returns the submissions that have ended. */
    public List<Submission> submissions() {
        return List.copyOf(history);
    }

    @Override
    public void close() {
        grpc.close();
        http.close();
    }
}
