package io.middleware.gateway.dashboard;

import io.middleware.core.Ticker;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.InstanceChange;
import io.middleware.core.directory.Service;
import io.middleware.core.outlier.OutlierDetector;
import io.middleware.gateway.consul.RegistryLookup;
import io.middleware.gateway.dashboard.chain.ChainPicture;
import io.middleware.gateway.dashboard.chain.KnownPicture;
import io.middleware.gateway.dashboard.chain.Merge;
import io.middleware.gateway.dashboard.faults.FaultOrders;
import io.middleware.gateway.dashboard.feed.FallbackNews;
import io.middleware.gateway.dashboard.feed.Feed;
import io.middleware.gateway.dashboard.feed.InstanceNews;
import io.middleware.gateway.dashboard.feed.RegistryNews;
import io.middleware.gateway.dashboard.live.Live;
import io.middleware.gateway.dashboard.peers.Peers;
import io.middleware.gateway.dashboard.peers.Surroundings;
import io.middleware.gateway.dashboard.picture.GatewayPicture;
import io.middleware.gateway.dashboard.picture.OwnPicture;
import io.middleware.gateway.dashboard.traffic.Attention;
import io.middleware.gateway.dashboard.traffic.Traffic;
import io.middleware.gateway.headers.Credentials;
import io.middleware.gateway.tls.GatewayLinks;
import io.middleware.gateway.transport.EventLoops;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Puts the picture of the chain together: this gateway's own, and those of the others. */
final class Dashboard implements Live.Source, AutoCloseable {
    private final InstantSource clock = InstantSource.system();
    private final ScheduledThreadPoolExecutor worker = worker();
    private final Directory directory;
    private final RegistryLookup registry;
    private final Attention attention;
    private final Traffic traffic;
    private final OwnPicture own;
    private final Peers peers;
    private final Surroundings surroundings;
    /** The events of other gateways, as this one sees them. */
    private final Feed gateways;

    private final Live live = new Live(this, worker);
    private final RecentJson ownAsJson;
    private final RecentJson pictureAsJson;
    private volatile Credentials watcher = Credentials.NONE;

    /** {@code id}: of this gateway; {@code links}: how others are asked. */
    Dashboard(
            String id,
            Directory directory,
            OutlierDetector outliers,
            RegistryLookup registry,
            GatewayLinks links,
            Ticker ticker) {
        this.directory = directory;
        this.ownAsJson = new RecentJson(this::own, worker, ticker);
        this.pictureAsJson = new RecentJson(this::picture, worker, ticker);
        this.registry = registry;
        attention = new Attention(ticker);
        Feed feed = new Feed(id, clock);
        traffic = new Traffic(id, attention, ticker);
        InstanceNews news = new InstanceNews(feed, clock, traffic.incidents()::onEjection);
        own = new OwnPicture(
                id,
                directory,
                feed,
                news,
                new FallbackNews(feed, clock),
                traffic,
                new OwnPicture.Registry(registry::problem, registry::age),
                clock,
                ticker);
        gateways = new Feed(id + ":peers", clock);
        peers = new Peers(id, gateways, ticker, links, worker);
        surroundings = new Surroundings(
                registry,
                attention,
                () -> directory.services().stream().map(Service::name).toList(),
                clock);
        feed.listen(live::onNews);
        gateways.listen(live::onNews);
        directory.listen(news::onChange);
        registry.listen(new RegistryNews(feed)::onChange);
        outliers.listen(news::onEjection);
        directory.listen(change -> {
            if (change.kind() == InstanceChange.Kind.GONE) {
                traffic.forget(change.instance());
            }
        });
        outliers.listen(ejection -> {
            if (!ejection.out()) {
                traffic.incidents().close(ejection.instance());
            }
        });
    }

    /** Returns the thread that does all the work for watchers, so that none is done on a call's. Ends when idle. */
    private static ScheduledThreadPoolExecutor worker() {
        ScheduledThreadPoolExecutor worker =
                new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("dashboard", true, Thread.MIN_PRIORITY));
        worker.setKeepAliveTime(10, TimeUnit.SECONDS);
        worker.allowCoreThreadTimeOut(true);
        worker.setRemoveOnCancelPolicy(true);
        return worker;
    }

    ScheduledThreadPoolExecutor executor() {
        return worker;
    }

    /** Returns what gets the record of each call. */
    Traffic traffic() {
        return traffic;
    }

    FaultOrders faults(EventLoops loops) {
        return new FaultOrders(
                registry,
                name -> directory.services().stream()
                        .anyMatch(service -> service.name().equals(name)),
                loops);
    }

    Live live() {
        return live;
    }

    /** Called when somebody begins to watch, in whose name the other gateways are asked until another one does. */
    void watchedBy(Credentials newer) {
        watcher = newer;
    }

    /** Called when the gateway is going to end, or is not after all. */
    void draining(boolean now) {
        own.draining(now);
    }

    /** Returns the picture of this gateway, for another one. */
    RecentJson ownAsJson() {
        return ownAsJson;
    }

    RecentJson pictureAsJson() {
        return pictureAsJson;
    }

    private GatewayPicture own() {
        attention.paid();
        return own.take();
    }

    @Override
    public CompletableFuture<Void> refresh() {
        attention.paid();
        surroundings.look();
        return peers.ask(surroundings.gateways(), watcher);
    }

    @Override
    public ChainPicture picture() {
        List<KnownPicture> pictures = new ArrayList<>(peers.known());
        pictures.add(new KnownPicture(own.gateway(), own.take(), 0, false, false));
        return Merge.of(pictures, gateways.events(), surroundings::of, clock.millis(), own.gateway());
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
