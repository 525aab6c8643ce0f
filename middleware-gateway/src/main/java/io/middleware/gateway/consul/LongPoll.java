package io.middleware.gateway.consul;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats one query to Consul, each time for a response newer than the last, until it is stopped. It has no thread of its own: while
 * it waits, it is a request in flight.
 *
 * <p>After each response it waits for {@link #BATCH} or longer. When Consul comes back it finds every check failing and then
 * passing again, and would report each change alone, each time with all instances.
 *
 * <p>Starts without an index, and again after an error or when the index goes backwards. In the latter case Consul has
 * either lost its memory, and would stay silent until it has caught up with the old index; or it has not loaded all of
 * its log and knows too little. The listener does not see such a response, and {@link ConsulHttp#get} makes Consul load
 * everything before it responds to a query without an index.
 */
final class LongPoll<B> {
    /**
     * The delay of a change that follows another; longer for a response that takes longer to read, up to {@link #LONGEST_BATCH}, so
     * that reading takes half of the time at most. A change after silence is delivered at once.
     */
    static final Duration BATCH = Duration.ofMillis(50);

    static final Duration LONGEST_BATCH = Duration.ofMillis(500);

    private static final Logger log = LoggerFactory.getLogger(LongPoll.class);

    private final ConsulHttp consul;
    private final String path;
    private final ConsulHttp.BodyReader<B> reader;
    private final Listener<B> listener;
    private final QueryOutcome outcome;
    private final BackOff backOff;
    private final Worker worker;
    private @Nullable CompletableFuture<ConsulHttp.Response<B>> query;
    private long index;
    private boolean stopped;
    private volatile long readSince;

    /** Called with each response, on the worker's thread. */
    @FunctionalInterface
    interface Listener<B> {
        /** @throws IOException if the response is not what was requested */
        void onResponse(ConsulHttp.Response<B> response) throws IOException, InterruptedException;
    }

    LongPoll(
            ConsulHttp consul,
            String path,
            ConsulHttp.BodyReader<B> reader,
            Listener<B> listener,
            QueryOutcome outcome,
            BackOff backOff,
            Worker worker) {
        this.consul = consul;
        this.path = path;
        this.reader = reader;
        this.listener = listener;
        this.outcome = outcome;
        this.backOff = backOff;
        this.worker = worker;
    }

    /** Begins. */
    void start() {
        worker.execute(this::ask);
    }

    /** Ends it. The listener is not called any more, unless it is called just now. */
    void stop() {
        CompletableFuture<?> open;
        synchronized (this) {
            if (stopped) {
                return;
            }
            stopped = true;
            open = query;
        }
        if (open != null) {
            open.cancel(true);
        }
        outcome.onEnd(this);
    }

    private synchronized void ask() {
        if (!stopped) {
            query = consul.ask(path, index, () -> {
                readSince = System.nanoTime();
                return reader.start();
            });
            query.whenCompleteAsync(this::onEnd, worker);
        }
    }

    private synchronized boolean stopped() {
        return stopped;
    }

    private void onEnd(ConsulHttp.@Nullable Response<B> response, @Nullable Throwable failed) {
        if (stopped()) {
            return;
        }
        index = response == null ? failed(failed) : succeeded(response);
        if (index == 0) {
            worker.after(backOff.next(), this::ask);
        } else {
            backOff.reset();
            worker.after(batch(Duration.ofNanos(System.nanoTime() - readSince)), this::ask);
        }
    }

    private static Duration batch(Duration took) {
        return took.compareTo(BATCH) < 0 ? BATCH : took.compareTo(LONGEST_BATCH) > 0 ? LONGEST_BATCH : took;
    }

    private long failed(@Nullable Throwable failed) {
        IOException why = QueryFailure.of(failed == null ? new IOException("no response") : failed);
        if (why instanceof QueryFailure.Cancelled) {
            log.debug("query again: {}", path);
        } else {
            outcome.onFailure(this, String.valueOf(why.getMessage()));
        }
        return 0;
    }

    /** Returns the index for the next query; 0 to start again without one. */
    private long succeeded(ConsulHttp.Response<B> response) {
        boolean backwards = response.index() < index;
        try {
            if (!backwards) {
                listener.onResponse(response);
            }
            outcome.onSuccess(this);
            return backwards ? 0 : response.index();
        } catch (IOException wrong) {
            outcome.onFailure(this, String.valueOf(wrong.getMessage()));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException bug) {
            log.error("cannot process Consul's response to {}", path, bug);
            outcome.onFailure(this, "its response to " + path + " cannot be processed");
        }
        return 0;
    }
}
