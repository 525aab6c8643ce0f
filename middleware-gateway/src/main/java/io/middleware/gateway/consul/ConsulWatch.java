package io.middleware.gateway.consul;

import io.middleware.core.Directory;
import io.middleware.core.Registration;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.web.util.UriUtils;
import tools.jackson.databind.JsonNode;

/**
 * Keeps the directory in line with Consul: one long poll on the catalogue for services tagged {@value EntryReader#TAG}, and one
 * for each of these on its instances, healthy or not. What Consul said last stays in force while it is away.
 *
 * <p>When the gateway's heartbeat is answered after it was not, Consul may be at another address by now, and the polls wait on
 * connections to the old one: they are asked anew.
 *
 * <p>Consul leaves out what a token may not read, as if it was not there. Such an answer takes nothing away; it is known by
 * {@link Rights}.
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
    /** Services of the first pass that Consul has said nothing of yet; null before it. */
    private Set<String> unheard;

    private final Rights rights = new Rights();
    private Thread catalogue;
    private Thread expiry;

    ConsulWatch(ConsulHttp consul, Directory directory, ConsulReachability reachability) {
        this.consul = consul;
        this.directory = directory;
        this.reachability = reachability;
    }

    @Override
    public synchronized void start() {
        expiry = thread("directory-expiry", this::expire);
        expiry.start();
        catalogue = poll("consul-catalogue", CATALOGUE, this::catalogue);
        catalogue.start();
    }

    @Override
    public synchronized void stop() {
        expiry.interrupt();
        catalogue.interrupt();
        catalogue = null;
        services.values().forEach(Thread::interrupt);
        services.clear();
    }

    @Override
    public synchronized boolean isRunning() {
        return catalogue != null;
    }

    /** Started before what serves callers, and stopped after it. */
    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public void onSuccess() {
        if (reachability.onSuccess(HEARTBEAT)) {
            consul.giveUp();
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

    /** Consul that is back has much to say at once, and calls come first. Virtual threads have no priority. */
    private static Thread thread(String name, Runnable task) {
        return Thread.ofPlatform()
                .daemon()
                .priority(Thread.MIN_PRIORITY)
                .name(name)
                .unstarted(task);
    }

    private synchronized void catalogue(ConsulHttp.Answer answer) throws IOException {
        if (Thread.currentThread() != catalogue) {
            return;
        }
        rights.catalogue(answer);
        Set<String> named = named(answer.body());
        if (rights.whole()) {
            forgetOthersThan(named);
        } else {
            named.addAll(services.keySet());
        }
        named.forEach(name -> services.computeIfAbsent(name, this::watch));
        if (unheard == null) {
            unheard = new HashSet<>(named);
        }
        unheard.retainAll(named);
        markLoaded();
    }

    private void forgetOthersThan(Set<String> named) {
        for (String name : Set.copyOf(services.keySet())) {
            if (!named.contains(name)) {
                services.remove(name).interrupt();
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
        Thread thread = poll("consul-" + name, path, answer -> {
            List<Registration> read = registrations.read(answer.body());
            rights.instances(name, answer, () -> consul.get(CATALOGUE, 0));
            instances(name, read);
        });
        thread.start();
        return thread;
    }

    private synchronized void instances(String name, List<Registration> registrations) {
        // an answer that was under way while the service vanished is no news any more
        if (services.get(name) == Thread.currentThread()) {
            directory.update(name, registrations);
            unheard.remove(name);
            markLoaded();
        }
    }

    private void markLoaded() {
        if (unheard.isEmpty()) {
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
                    log.error("instances that are unconfirmed for long cannot be removed", bug);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
