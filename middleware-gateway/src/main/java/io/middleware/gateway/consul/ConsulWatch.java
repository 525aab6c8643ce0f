package io.middleware.gateway.consul;

import io.middleware.core.directory.Directory;
import io.middleware.core.instance.Registration;
import io.middleware.starter.HeartbeatListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.web.util.UriUtils;
import tools.jackson.databind.JsonNode;

/**
 * Keeps the directory in line with Consul: one long poll on the catalogue for services tagged {@value EntryReader#TAG},
 * and one for the instances of each, healthy or not. While Consul is away, its last responses stay in use.
 *
 * <p>When the gateway's heartbeat succeeds after a failure, Consul may have another address now, and the polls may wait
 * on connections to the old one. They are therefore sent again.
 *
 * <p>Consul leaves out what a token may not read, as if it did not exist. Such a response removes nothing;
 * {@link Rights} recognizes it.
 */
final class ConsulWatch implements SmartLifecycle, HeartbeatListener {
    private static final Logger log = LoggerFactory.getLogger(ConsulWatch.class);
    private static final String CATALOGUE = "/v1/catalog/services";
    private static final String HEALTH = "/v1/health/service/";
    private static final String HEARTBEAT = "heartbeat";
    private static final Duration EXPIRY_INTERVAL = Duration.ofSeconds(1);

    private final ConsulHttp consul;
    private final Directory directory;
    private final ConsulReachability reachability;
    private final Map<String, Thread> services = new HashMap<>();
    /** Services of the first catalogue without a list of instances so far; null before that catalogue. */
    private @Nullable Set<String> unlisted;

    private final Rights rights = new Rights();
    private @Nullable Thread catalogue;
    private @Nullable Thread expiry;

    ConsulWatch(ConsulHttp consul, Directory directory, ConsulReachability reachability) {
        this.consul = consul;
        this.directory = directory;
        this.reachability = reachability;
    }

    @Override
    public synchronized void start() {
        expiry = thread("directory-expiry", this::expire);
        expiry.start();
        catalogue = poll("consul-catalogue", CATALOGUE, this::onCatalogue);
        catalogue.start();
    }

    @Override
    public synchronized void stop() {
        stop(expiry);
        stop(catalogue);
        catalogue = null;
        services.values().forEach(ConsulWatch::stop);
        services.clear();
    }

    private static void stop(@Nullable Thread thread) {
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return catalogue != null;
    }

    /** Starts before the servers, and stops after them. */
    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public void onSuccess() {
        if (reachability.onSuccess(HEARTBEAT)) {
            consul.cancelAll();
        }
    }

    @Override
    public void onFailure(String reason) {
        reachability.onFailure(HEARTBEAT, reason);
    }

    ConsulReachability reachability() {
        return reachability;
    }

    private Thread poll(String name, String path, LongPoll.Listener listener) {
        BackOff backOff = new BackOff(RandomGenerator.getDefault());
        return thread(name, new LongPoll(consul, path, listener, reachability, backOff, Thread::sleep));
    }

    /**
     * Creates a thread of low priority, because calls come first when Consul is back and sends a lot at once. A
     * platform thread: virtual ones have no priority.
     */
    private static Thread thread(String name, Runnable task) {
        return Thread.ofPlatform()
                .daemon()
                .priority(Thread.MIN_PRIORITY)
                .name(name)
                .unstarted(task);
    }

    private synchronized void onCatalogue(ConsulHttp.Response response) throws IOException {
        if (Thread.currentThread() != catalogue) {
            return;
        }
        rights.onCatalogue(response);
        Set<String> named = named(response.body());
        if (rights.isComplete()) {
            retain(named);
        } else {
            named.addAll(services.keySet());
        }
        named.forEach(name -> services.computeIfAbsent(name, this::watch));
        if (unlisted == null) {
            unlisted = new HashSet<>(named);
        }
        unlisted.retainAll(named);
        markLoaded();
    }

    private void retain(Set<String> named) {
        for (String name : Set.copyOf(services.keySet())) {
            if (!named.contains(name)) {
                stop(services.remove(name));
                directory.update(name, List.of());
            }
        }
    }

    private static Set<String> named(JsonNode catalogue) {
        Set<String> names = new TreeSet<>();
        catalogue.forEachEntry((name, tags) -> {
            if (tags.valueStream().anyMatch(tag -> tag.asString("").strip().equalsIgnoreCase(EntryReader.TAG))) {
                names.add(name);
            }
        });
        return names;
    }

    private Thread watch(String name) {
        Registrations registrations = new Registrations(name);
        String path = HEALTH + UriUtils.encodePathSegment(name, StandardCharsets.UTF_8);
        Thread thread = poll("consul-" + name, path, response -> {
            List<Registration> read = registrations.read(response.body());
            requireComplete(name, response);
            onInstances(name, read);
        });
        thread.start();
        return thread;
    }

    /** @throws IOException if the list of a service's instances leaves out what the token may not read */
    void requireComplete(String service, ConsulHttp.Response response) throws IOException, InterruptedException {
        rights.requireComplete(service, response, () -> consul.get(CATALOGUE, 0));
    }

    private synchronized void onInstances(String name, List<Registration> registrations) {
        // a response that was in flight when the service vanished is outdated
        if (services.get(name) == Thread.currentThread()) {
            directory.update(name, registrations);
            if (unlisted != null) {
                unlisted.remove(name);
            }
            markLoaded();
        }
    }

    private void markLoaded() {
        if (unlisted != null && unlisted.isEmpty()) {
            directory.markLoaded();
        }
    }

    private void expire() {
        try {
            while (true) {
                Thread.sleep(EXPIRY_INTERVAL);
                try {
                    directory.expire();
                } catch (RuntimeException bug) {
                    log.error("cannot remove instances that have been unconfirmed too long", bug);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
