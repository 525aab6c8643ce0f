package io.middleware.gateway.consul;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats one query to Consul, each time for a response newer than the last, until its thread is interrupted.
 *
 * <p>After each response it waits for {@link #BATCH}. When Consul comes back it finds every check failing and then
 * passing again, and would report each change alone, each time with all instances.
 *
 * <p>Starts without an index, and again after an error or when the index goes backwards. In the latter case Consul has
 * either lost its memory, and would stay silent until it has caught up with the old index; or it has not loaded all of
 * its log and knows too little. The listener does not see such a response, and {@link ConsulHttp#get} makes Consul load
 * everything before it responds to a query without an index.
 */
final class LongPoll implements Runnable {
    /** The longest delay of a change that follows another. A change after silence is delivered at once. */
    static final Duration BATCH = Duration.ofMillis(100);

    private static final Logger log = LoggerFactory.getLogger(LongPoll.class);

    private final ConsulHttp consul;
    private final String path;
    private final Listener listener;
    private final QueryOutcome outcome;
    private final BackOff backOff;
    private final Pause pause;

    /** Called with each response. */
    @FunctionalInterface
    interface Listener {
        /** @throws IOException if the response is not what was requested */
        void onResponse(ConsulHttp.Response response) throws IOException, InterruptedException;
    }

    /** Lets time pass: {@link Thread#sleep(Duration)}, except in tests. */
    @FunctionalInterface
    interface Pause {
        void pause(Duration duration) throws InterruptedException;
    }

    LongPoll(ConsulHttp consul, String path, Listener listener, QueryOutcome outcome, BackOff backOff, Pause pause) {
        this.consul = consul;
        this.path = path;
        this.listener = listener;
        this.outcome = outcome;
        this.backOff = backOff;
        this.pause = pause;
    }

    @Override
    public void run() {
        try {
            long index = 0;
            while (!Thread.currentThread().isInterrupted()) {
                index = query(index);
                if (index == 0) {
                    pause.pause(backOff.next());
                } else {
                    backOff.reset();
                    pause.pause(BATCH);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            outcome.onEnd(this);
        }
    }

    /** Returns the index for the next query; 0 to start again without one. */
    private long query(long index) throws InterruptedException {
        try {
            ConsulHttp.Response response = consul.get(path, index);
            boolean backwards = response.index() < index;
            if (!backwards) {
                listener.onResponse(response);
            }
            outcome.onSuccess(this);
            return backwards ? 0 : response.index();
        } catch (ConsulHttp.CancelledException restarted) {
            log.debug("query again: {}", path);
        } catch (IOException failed) {
            outcome.onFailure(this, String.valueOf(failed.getMessage()));
        } catch (RuntimeException bug) {
            log.error("cannot process Consul's response to {}", path, bug);
            outcome.onFailure(this, "its response to " + path + " cannot be processed");
        }
        return 0;
    }
}
