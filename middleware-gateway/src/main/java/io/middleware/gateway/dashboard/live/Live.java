package io.middleware.gateway.dashboard.live;

import com.google.gson.Gson;
import io.middleware.gateway.dashboard.chain.ChainPicture;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * Sends pictures of the chain to all who watch: one when they begin, then one each second, and one as soon as an
 * instance or a gateway changes. A picture is made once, however many watch, and none is made while nobody does.
 */
public final class Live {
    /** More than a class has; each costs a connection and an event a second. */
    static final int MOST_WATCHERS = 200;

    static final long INTERVAL_MILLIS = 1_000;

    private static final Logger log = LoggerFactory.getLogger(Live.class);
    /** How long the gateways' pictures are waited for. A silent gateway must not delay what the others know. */
    private static final long PATIENCE_MILLIS = 100;
    /** Changes that come together become one picture. */
    private static final long TOGETHER_MILLIS = 20;
    /** Rounds in which new events are sent: a slow watcher may miss all but one of them. */
    private static final int EVENTS_REPEATED = 5;

    private final Source source;
    private final ScheduledExecutorService worker;
    private final Gson gson = new Gson();
    private final AtomicBoolean due = new AtomicBoolean();
    // what follows is confined to the worker
    private final List<FluxSink<byte[]>> watchers = new ArrayList<>();
    private @Nullable Object lastEvents;
    private int sinceNewEvents;
    private boolean ticking;
    private volatile boolean watched;
    private volatile boolean full;
    private volatile boolean ended;

    /** Where pictures come from. Called on the worker. */
    public interface Source {
        /** Begins to ask for what is new, and returns when it is there. */
        CompletableFuture<Void> refresh();

        /** Returns the picture of what is known now. */
        ChainPicture picture();
    }

    /** {@code worker}: of one thread. */
    public Live(Source source, ScheduledExecutorService worker) {
        this.source = source;
        this.worker = worker;
    }

    /** Returns whether one more may watch. */
    public boolean takesMore() {
        return !full && !ended;
    }

    /** Returns the events for one more watcher, from now on. */
    public Flux<byte[]> watch() {
        return Flux.create(
                sink -> {
                    worker.execute(() -> join(sink));
                    sink.onDispose(() -> worker.execute(() -> leave(sink)));
                },
                FluxSink.OverflowStrategy.LATEST);
    }

    /** Called, on any thread, when something has changed that watchers should see at once. */
    public void onNews() {
        if (watched && due.compareAndSet(false, true)) {
            worker.schedule(
                    () -> {
                        due.set(false);
                        publish();
                    },
                    TOGETHER_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
    }

    /** Takes watchers again: the gateway is not going to end after all. */
    public void resume() {
        ended = false;
    }

    /** Ends all streams: the gateway is going to end, and watchers find another. */
    public void end() {
        ended = true;
        worker.execute(() -> {
            List<FluxSink<byte[]>> all = List.copyOf(watchers);
            watchers.clear();
            all.forEach(FluxSink::complete);
        });
    }

    private void join(FluxSink<byte[]> sink) {
        if (watchers.size() >= MOST_WATCHERS || ended) {
            sink.complete();
            return;
        }
        if (sink.isCancelled()) {
            return;
        }
        watchers.add(sink);
        full = watchers.size() >= MOST_WATCHERS;
        watched = true;
        if (ticking) {
            sink.next(event(source.picture()));
        } else {
            ticking = true;
            tick();
        }
    }

    private void leave(FluxSink<byte[]> sink) {
        watchers.remove(sink);
        full = watchers.size() >= MOST_WATCHERS;
    }

    private void tick() {
        if (watchers.isEmpty()) {
            watched = false;
            ticking = false;
            lastEvents = null;
            return;
        }
        worker.schedule(this::tick, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        try {
            source.refresh()
                    .completeOnTimeout(null, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                    .whenCompleteAsync((done, failed) -> publish(), worker);
        } catch (RuntimeException bug) {
            log.error("cannot ask for what the page shows", bug);
        }
    }

    private void publish() {
        if (watchers.isEmpty()) {
            return;
        }
        try {
            ChainPicture picture = source.picture();
            if (picture.events() != null && !picture.events().equals(lastEvents)) {
                lastEvents = picture.events();
                sinceNewEvents = 0;
            }
            byte[] event = event(sinceNewEvents++ < EVENTS_REPEATED ? picture : picture.withoutEvents());
            List.copyOf(watchers).forEach(watcher -> watcher.next(event));
        } catch (RuntimeException bug) {
            log.error("cannot send what the page shows", bug);
        }
    }

    private byte[] event(ChainPicture picture) {
        // Gson escapes line ends, so the data is one line
        return ("data: " + gson.toJson(picture) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
}
