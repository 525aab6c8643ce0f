package io.middleware.gateway.security.jwt;

import io.middleware.core.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The issuer's keys. Fetched ahead again and again; kept while that fails, for a bounded time. For a key id that is not known they
 * are fetched at once, but at most once a minute, however many calls come.
 */
public final class KeySource {
    private static final Logger log = LoggerFactory.getLogger(KeySource.class);
    private static final Duration BETWEEN_WANTED = Duration.ofMinutes(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    private final Fetch fetch;
    private final Duration refresh;
    private final Duration keep;
    private final Ticker ticker;
    private final ScheduledExecutorService background;
    private final AtomicBoolean scheduled = new AtomicBoolean();

    private volatile State state = new State(null, 0, "they were not fetched yet");
    private final Object gate = new Object();
    /** Guarded by the gate, as are those below. */
    private @Nullable CompletableFuture<Void> wanted;

    private long wantedAt;
    private boolean everWanted;

    /** Gets the set of keys as JSON; throws an exception with a message for a person. */
    @FunctionalInterface
    public interface Fetch {
        String get() throws Exception;
    }

    /** {@code keys}: null for none; {@code problem}: why they are not newer; null if the last fetch succeeded. */
    record State(@Nullable KeySet keys, long at, @Nullable String problem) {}

    /**
     * Creates it.
     *
     * @param refresh    how often keys are fetched ahead
     * @param keep       how long they are used after they were fetched last
     * @param background runs what blocks
     */
    public KeySource(Fetch fetch, Duration refresh, Duration keep, Ticker ticker, ScheduledExecutorService background) {
        this.fetch = fetch;
        this.refresh = refresh;
        this.keep = keep;
        this.ticker = ticker;
        this.background = background;
    }

    /** Fetches the keys for the first time, and from then on in the background. */
    public void start() {
        if (scheduled.compareAndSet(false, true)) {
            background.execute(this::refresh);
        }
    }

    private void refresh() {
        boolean fetched = load();
        Duration next = fetched || refresh.compareTo(AFTER_FAILURE) < 0 ? refresh : AFTER_FAILURE;
        background.schedule(this::refresh, next.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized boolean load() {
        State before = state;
        try {
            state = new State(KeySet.parse(fetch.get()), ticker.nanos(), null);
            if (before.problem != null) {
                log.info("the keys of tokens are fetched");
            }
            return true;
        } catch (Exception failed) {
            String problem = failed.getMessage() == null ? failed.toString() : failed.getMessage();
            state = new State(before.keys, before.at, problem);
            if (!problem.equals(before.problem)) {
                log.warn(
                        "the keys of tokens cannot be fetched, {}: {}",
                        before.keys == null ? "no token can be verified" : "those known are kept",
                        problem);
            }
            return false;
        }
    }

    /** Returns the keys; null if there are none, or they are too old. */
    @Nullable
    KeySet keys() {
        State now = state;
        return now.keys == null || ticker.nanos() - now.at > keep.toNanos() ? null : now.keys;
    }

    /**
     * Has the keys fetched, as one is missing.
     *
     * @return completes when that is done, whether it failed or not; null if it was done less than a minute ago
     */
    @Nullable
    CompletableFuture<Void> want() {
        synchronized (gate) {
            if (wanted != null && !wanted.isDone()) {
                return wanted;
            }
            if (everWanted && ticker.nanos() - wantedAt < BETWEEN_WANTED.toNanos()) {
                return null;
            }
            everWanted = true;
            wantedAt = ticker.nanos();
            wanted = CompletableFuture.runAsync(this::load, background);
            return wanted;
        }
    }

    /** Returns how long ago they were fetched last; from an arbitrary time if they never were. */
    Duration age() {
        return Duration.ofNanos(ticker.nanos() - state.at);
    }

    /** Returns why the keys are not the newest; null if the last fetch succeeded. */
    public @Nullable String problem() {
        return state.problem;
    }

    /** Returns how many keys are known. */
    public int size() {
        KeySet known = keys();
        return known == null ? 0 : known.size();
    }
}
