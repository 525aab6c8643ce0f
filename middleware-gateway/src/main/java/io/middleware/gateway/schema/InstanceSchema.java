package io.middleware.gateway.schema;

import io.middleware.core.Timers;
import io.middleware.core.instance.Instance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How one instance describes itself, kept up to date. A failed query is retried after a back-off that doubles from
 * {@link #MIN_BACK_OFF} to {@link #MAX_BACK_OFF}. The timeout doubles from {@link #MIN_TIMEOUT} to {@link #MAX_TIMEOUT}
 * while the instance takes longer. Confined to the event loop of its client.
 */
final class InstanceSchema {
    static final Duration MIN_BACK_OFF = Duration.ofMillis(100);
    static final Duration MAX_BACK_OFF = Duration.ofMillis(500);
    static final Duration MIN_TIMEOUT = Duration.ofSeconds(5);
    static final Duration MAX_TIMEOUT = Duration.ofSeconds(60);

    /** Bounds the queries of a server that ends its connection after each stream: a query opens one. */
    private static final int MAX_IMMEDIATE_QUERIES = 10;

    private final Instance instance;
    private final ReflectionClient client;
    private final Timers timers;
    private final Consumer<InstanceSchema> onResult;
    private Duration timeout = MIN_TIMEOUT;
    private long backOff;
    private int renewals;
    private int immediateQueries;
    private Runnable cancelQuery = () -> {};
    private Timers.@Nullable Timer nextQuery;
    private boolean ended;
    private @Nullable ReflectionResult latest;
    private List<Runnable> awaiting = new ArrayList<>();

    /** {@code onResult}: called after each query, with this object. */
    InstanceSchema(Instance instance, ReflectionClient client, Timers timers, Consumer<InstanceSchema> onResult) {
        this.instance = instance;
        this.client = client;
        this.timers = timers;
        this.onResult = onResult;
    }

    Instance instance() {
        return instance;
    }

    /** Returns the last result; null before the first. A failure does not replace a description. */
    @Nullable
    ReflectionResult latest() {
        return latest;
    }

    /** Returns how long the instance may take to respond. */
    Duration timeout() {
        return timeout;
    }

    /** Queries now, because the instance is new or may be of another version than before. */
    void refresh() {
        stop();
        backOff = MIN_BACK_OFF.toNanos();
        query();
    }

    /** Queries now, and calls this after the next result, or when queries end. */
    void refresh(Runnable done) {
        if (ended) {
            done.run();
            return;
        }
        awaiting.add(done);
        refresh();
    }

    /**
     * Called when a connection to the instance has ended. Queries at once, or every {@link #MAX_BACK_OFF} if the server
     * ends one connection after another.
     */
    void onConnectionEnd() {
        stop();
        if (immediateQueries < MAX_IMMEDIATE_QUERIES) {
            if (immediateQueries++ == 0) {
                timers.schedule(() -> immediateQueries = 0, MAX_BACK_OFF.toNanos());
            }
            refresh();
        } else {
            nextQuery = timers.schedule(this::refresh, MAX_BACK_OFF.toNanos());
        }
    }

    /** Stops all queries. */
    void end() {
        ended = true;
        stop();
        releaseAwaiting();
    }

    private void stop() {
        cancelQuery.run();
        cancelQuery = () -> {};
        if (nextQuery != null) {
            nextQuery.cancel();
            nextQuery = null;
        }
    }

    private void query() {
        renewals = instance.version().renewals();
        cancelQuery = client.query(instance, timeout, this::onResult);
    }

    private void onResult(ReflectionResult result) {
        if (ended) {
            return;
        }
        boolean failed = result instanceof ReflectionResult.Failed;
        if (result instanceof ReflectionResult.Failed failure && failure.late()) {
            Duration doubled = timeout.multipliedBy(2);
            timeout = doubled.compareTo(MAX_TIMEOUT) < 0 ? doubled : MAX_TIMEOUT;
        }
        if (!failed || latest == null || latest instanceof ReflectionResult.Failed) {
            latest = result;
        }
        if (failed) {
            nextQuery = timers.schedule(this::query, backOff);
            backOff = Math.min(2 * backOff, MAX_BACK_OFF.toNanos());
        }
        onResult.accept(this);
        if (!failed) {
            instance.version().described(renewals);
        }
        releaseAwaiting();
    }

    private void releaseAwaiting() {
        List<Runnable> released = awaiting;
        awaiting = new ArrayList<>();
        released.forEach(Runnable::run);
    }
}
