package io.middleware.gateway.consul;

import io.middleware.core.directory.Directory;
import io.middleware.core.instance.Registration;
import io.middleware.gateway.consul.Registrations.Listed;
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
    private final Map<String, LongPoll<Listed>> services = new HashMap<>();
    /** Services of the first catalogue without a list of instances so far; null before that catalogue. */
    private @Nullable Set<String> unlisted;

    private final Rights rights = new Rights();
    private @Nullable LongPoll<JsonNode> catalogue;

    ConsulWatch(ConsulHttp consul, Directory directory, ConsulReachability reachability) {
        this.consul = consul;
        this.directory = directory;
        this.reachability = reachability;
    }

    @Override
    public synchronized void start() {
        consul.worker().after(EXPIRY_INTERVAL, this::expire);
        catalogue = poll(CATALOGUE, consul::json, this::onCatalogue);
        catalogue.start();
    }

    @Override
    public synchronized void stop() {
        if (catalogue != null) {
            catalogue.stop();
        }
        catalogue = null;
        services.values().forEach(LongPoll::stop);
        services.clear();
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

    private <B> LongPoll<B> poll(String path, ConsulHttp.BodyReader<B> reader, LongPoll.Listener<B> listener) {
        BackOff backOff = new BackOff(RandomGenerator.getDefault());
        return new LongPoll<>(consul, path, reader, listener, reachability, backOff, consul.worker());
    }

    private synchronized void onCatalogue(ConsulHttp.Response<JsonNode> response) throws IOException {
        if (catalogue == null) {
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
                LongPoll<Listed> gone = services.remove(name);
                if (gone != null) {
                    gone.stop();
                }
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

    private LongPoll<Listed> watch(String name) {
        Registrations registrations = new Registrations(name);
        String path = HEALTH + UriUtils.encodePathSegment(name, StandardCharsets.UTF_8);
        LongPoll<Listed> poll = poll(path, () -> new ElementsSubscriber<>(registrations.begin()), response -> {
            requireComplete(name, response.body().entries() == 0, response.filtered());
            onInstances(name, response.body().registrations());
        });
        poll.start();
        return poll;
    }

    /** @throws IOException if the list of a service's instances leaves out what the token may not read */
    void requireComplete(String service, boolean none, boolean filtered) throws IOException, InterruptedException {
        rights.requireComplete(service, none, filtered, () -> consul.get(CATALOGUE, 0));
    }

    /** All changes are made by one thread, which also ends the polls of services that are gone: no response is outdated. */
    private synchronized void onInstances(String name, List<Registration> registrations) {
        if (services.containsKey(name)) {
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
        if (!isRunning()) {
            return;
        }
        try {
            directory.expire();
        } catch (RuntimeException bug) {
            log.error("cannot remove instances that have been unconfirmed too long", bug);
        }
        consul.worker().after(EXPIRY_INTERVAL, this::expire);
    }
}
