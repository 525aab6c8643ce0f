package io.middleware.gateway.ingress.http.json;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.Ticker;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Translates and unzips large bodies off the event loops: a megabyte of JSON takes 20 ms, and up to 300 ms depending on
 * its content, and all other calls of the loop would wait for that.
 */
public final class JsonWorkers {
    /**
     * Bytes of the smallest large body: a smaller one takes a loop less than a millisecond as a rule, and 5 at most.
     */
    public static final int LARGE = 16 << 10;

    private final Executor executor;
    private final JsonMemory memory;
    private final Ticker ticker;

    public JsonWorkers(Executor executor, JsonMemory memory, Ticker ticker) {
        this.executor = executor;
        this.memory = memory;
        this.ticker = ticker;
    }

    /**
     * Returns workers with threads of their own: at least two, so that one very large body does not delay all others.
     */
    public static JsonWorkers onThreads(JsonMemory memory, Ticker ticker) {
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);
        // unbounded, as the budget bounds the bodies that can be queued
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                threads,
                threads,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("large", true, Thread.MIN_PRIORITY));
        executor.allowCoreThreadTimeOut(true);
        return new JsonWorkers(executor, memory, ticker);
    }

    /**
     * Runs the work, and returns its result on the call's event loop. The lease is lent to the work: its bytes stay
     * counted until the work has ended, even if the caller has gone. Work that has not begun when the caller goes or
     * the deadline passes never begins.
     *
     * @param weight bytes of heap that the work takes; it waits for them, and is refused if there never are so many
     */
    public <T> Mono<T> run(CallContext context, LongSupplier weight, Supplier<T> work) {
        return Mono.create(sink -> new Job<>(context, weight, work, sink).begin());
    }

    /** Confined to the event loop, except {@link #run}. */
    private final class Job<T> implements Runnable {
        private final CallContext context;
        private final LongSupplier weight;
        private final Supplier<T> work;
        private final MonoSink<T> sink;
        private @Nullable Future<?> deadline;
        private volatile boolean over;

        Job(CallContext context, LongSupplier weight, Supplier<T> work, MonoSink<T> sink) {
            this.context = context;
            this.weight = weight;
            this.work = work;
            this.sink = sink;
        }

        void begin() {
            context.lease().lend();
            if (context.deadline() != Call.NO_DEADLINE) {
                deadline = context.loop()
                        .schedule(this::expire, context.deadline() - ticker.nanos(), TimeUnit.NANOSECONDS);
            }
            sink.onDispose(this::leave);
            executor.execute(this);
        }

        @Override
        public void run() {
            T result = null;
            Throwable failure = null;
            try {
                result = over ? null : inMemory();
            } catch (Throwable e) {
                // of any kind: the lease must be returned, and the caller waits
                failure = e;
            }
            T given = result;
            Throwable thrown = failure;
            context.loop().execute(() -> end(given, thrown));
        }

        /** Returns null if the caller has gone meanwhile. */
        private @Nullable T inMemory() throws InterruptedException {
            long bytes = weight.getAsLong();
            long left = context.deadline() == Call.NO_DEADLINE
                    ? JsonMemory.longestWait()
                    : context.deadline() - ticker.nanos();
            if (!memory.take(bytes, left)) {
                throw new ConnectError(Code.RESOURCE_EXHAUSTED, "too much JSON is translated at a time; try again")
                        .refusal();
            }
            try {
                return over ? null : work.get();
            } finally {
                memory.giveBack(bytes);
            }
        }

        private void end(@Nullable T result, @Nullable Throwable failure) {
            context.lease().takeBack();
            if (!over && failure != null) {
                sink.error(failure);
            } else if (!over) {
                sink.success(result);
            }
        }

        private void expire() {
            sink.error(new ConnectError(
                            Code.DEADLINE_EXCEEDED,
                            "the deadline passed before the gateway had translated a large body")
                    .refusal());
        }

        /** Called when there is a result or an error, and when the caller goes. */
        private void leave() {
            over = true;
            if (deadline != null) {
                deadline.cancel(false);
            }
        }
    }
}
