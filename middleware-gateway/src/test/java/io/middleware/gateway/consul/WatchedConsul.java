package io.middleware.gateway.consul;

import static org.awaitility.Awaitility.await;

import io.middleware.core.Settings;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.RegistryStatus;
import io.middleware.starter.ConsulToken;
import io.middleware.testsupport.ConsulServer;
import io.middleware.testsupport.TlsRelay;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;

/** A watch on a real Consul, and what tests of it do and see. */
abstract class WatchedConsul {
    private static final Duration WAIT = Duration.ofSeconds(1);

    final Directory directory =
            new Directory(service -> new PowerOfTwoChoices(), Instance::new, Settings.defaults(), this::now);
    ConsulServer consul;
    ConsulWatch watch;
    /** What a test has added to the time. */
    private final AtomicLong skipped = new AtomicLong();

    private ConsulHttp http;

    void watch(ConsulServer started) {
        watch(started, "");
    }

    void watch(ConsulServer started, String token) {
        watch(started, ConsulToken.fixed(token));
    }

    void watch(ConsulServer started, ConsulToken token) {
        consul = started;
        watch(new ConsulHttp(URI.create("http://" + consul.host() + ":" + consul.port()), null, token, WAIT));
    }

    /** {@code relay}: has the certificate of Consul; {@code tls}: of the watch. */
    void watchBy(TlsRelay relay, ConsulServer started, SSLContext tls) {
        consul = started;
        watch(new ConsulHttp(URI.create("https://127.0.0.1:" + relay.port()), tls, ConsulToken.fixed(""), WAIT));
    }

    private void watch(ConsulHttp client) {
        http = client;
        watch = new ConsulWatch(http, directory, new ConsulReachability("consul", this::now));
        watch.start();
    }

    @AfterEach
    void stop() {
        watch.stop();
        http.close();
        consul.close();
    }

    final RegistryLookup lookup() {
        return new ConsulLookup(http, watch);
    }

    private long now() {
        return System.nanoTime() + skipped.get();
    }

    final void skip(Duration duration) {
        skipped.addAndGet(duration.toNanos());
    }

    static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
    }

    final void registerThree() {
        List.of("g-1", "g-2", "g-3").forEach(id -> register("greeter", id, Map.of()));
        soon().until(() -> instances().size() == 3);
    }

    /** An instance in the words of Consul's API, with the differences given. */
    final void register(String service, String id, Map<String, ?> differences) {
        Map<String, Object> registration = new HashMap<>(Map.of(
                "Name",
                service,
                "ID",
                id,
                "Address",
                "127.0.0.1",
                "Port",
                25_900,
                "Tags",
                List.of("middleware", "primary"),
                "Meta",
                Map.of("grpc-services-1", "g.v1.A")));
        registration.putAll(differences);
        consul.api().register(registration);
    }

    static Map<String, ?> ttl() {
        return Map.of("Check", Map.of("TTL", "10m", "Status", "passing"));
    }

    final Service service() {
        return directory.services().getFirst();
    }

    final List<Instance> instances() {
        List<Instance> all = new ArrayList<>();
        directory.services().forEach(service -> all.addAll(service.candidates().all()));
        return all;
    }

    final Instance instance(String id) {
        return instances().stream()
                .filter(instance -> instance.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    final RegistryStatus standing(String id) {
        Instance instance = instance(id);
        return instance == null ? null : instance.status();
    }
}
