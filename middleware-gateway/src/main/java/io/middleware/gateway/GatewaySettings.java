package io.middleware.gateway;

import io.middleware.gateway.ingress.Cors;
import io.middleware.gateway.tls.PeerSettings;
import io.middleware.gateway.tls.TlsSettings;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings of a gateway. Each has a default.
 *
 * @param id Id of this gateway, unique in Consul and given in the header middleware-gateway. Letters, digits and hyphens, first a
 *     letter, last no hyphen. The default is made of the host and the HTTP port.
 * @param host Address under which others reach this gateway. The default is the address that it binds to or, if that is every
 *     address, the machine's.
 * @param drainDelay How long to serve on after leaving Consul and before draining, so that proxies have seen it leave. At most
 *     60 s.
 * @param warmUp The most time for calls that the gateway makes to itself before its ports open. 0s for none, at most 10 s.
 */
@ConfigurationProperties("middleware.gateway")
public record GatewaySettings(
        @Nullable String id,
        @Nullable String host,
        @DefaultValue("500ms") Duration drainDelay,
        @DefaultValue("300ms") Duration warmUp,
        @DefaultValue Grpc grpc,
        @DefaultValue Http http,
        @DefaultValue Errors errors,
        @DefaultValue Consul consul,
        @DefaultValue Connections connections,
        @DefaultValue @NestedConfigurationProperty CallSettings calls,
        @DefaultValue Dashboard dashboard,
        @DefaultValue Recorder recorder,
        @DefaultValue AccessLog accessLog,
        @DefaultValue Tap tap,
        @DefaultValue @NestedConfigurationProperty TlsSettings tls,
        @DefaultValue @NestedConfigurationProperty PeerSettings peers,
        @DefaultValue @NestedConfigurationProperty LimitSettings limits) {

    private static final Pattern ID = Pattern.compile("[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?");
    private static final Duration LONGEST_DRAIN_DELAY = Duration.ofSeconds(60);
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(10);

    /** @throws IllegalArgumentException if a value is out of its range; the message says what was expected */
    public GatewaySettings {
        id = blankToNull(id);
        host = blankToNull(host);
        check(
                id == null || ID.matcher(id).matches(),
                "id",
                id,
                "letters, digits and hyphens, first a letter, last no hyphen");
        check(within(drainDelay, Duration.ZERO, LONGEST_DRAIN_DELAY), "drain-delay", drainDelay, "0s to 60s");
        check(within(warmUp, Duration.ZERO, LONGEST_WARM_UP), "warm-up", warmUp, "0s to 10s");
    }

    /**
     * The port for gRPC callers.
     *
     * @param port Port for gRPC; 0 takes one that is free.
     * @param connections The most connections of callers at a time, from 1; one more is closed at once.
     */
    public record Grpc(
            @DefaultValue("22101") int port,
            @DefaultValue("10000") int connections) {
        public Grpc {
            check(connections >= 1, "connections", connections, "1 or more");
            check(port >= 0 && port <= 65_535, "port", port, "0 to 65535");
        }
    }

    /**
     * The port for HTTP callers.
     *
     * @param largestMessage The largest request body that is taken. At least 1 KB.
     * @param allowedOrigins Origins whose pages may call from browsers (CORS), at both ports, such as https://shop.example; * for
     *     all. By default none: responses have no CORS headers.
     * @param openapi Whether /openapi.json and the page /api/ describe the methods to callers. By default as errors.details,
     *     without which no error names a method.
     */
    public record Http(
            @DefaultValue("16MB") DataSize largestMessage,
            @DefaultValue List<String> allowedOrigins,
            @Nullable Boolean openapi) {
        public Http {
            Cors.of(allowedOrigins);
            check(largestMessage.toKilobytes() >= 1, "largest-message", largestMessage, "1KB or more");
        }
    }

    /**
     * What errors say to callers.
     *
     * @param details Whether errors name the instances that were tried and the methods that exist, and responses the instance
     *     that sent them.
     */
    public record Errors(@DefaultValue("false") boolean details) {}

    /**
     * How Consul is watched.
     *
     * @param longestWait How long Consul may hold a response back until there is news, from 1 s to 10 min. A frozen Consul is
     *     noticed a little later than that.
     * @param cached Whether the agent answers from its copy, so that all that watch at one agent cost Consul's servers one query.
     */
    public record Consul(
            @DefaultValue("10s") Duration longestWait,
            @DefaultValue("false") boolean cached) {
        public Consul {
            check(
                    within(longestWait, Duration.ofSeconds(1), Duration.ofMinutes(10)),
                    "longest-wait",
                    longestWait,
                    "1s to 10m");
        }
    }

    /**
     * The connections to instances.
     *
     * @param connectTimeout How long an instance may take to accept a connection, from 10 ms to 1 min.
     * @param perInstance The most connections of one event loop to one instance, from 1 to 1000. More than one are made where the
     *     instance takes no more streams on those there are, or does not read what was sent on them; they close when not needed.
     * @param instancesPerPool How many instances of one pool this gateway uses, of a service that has more; 0 for all. The gateways
     *     divide them among themselves. Sticky services use all.
     */
    public record Connections(
            @DefaultValue("250ms") Duration connectTimeout,
            @DefaultValue("8") int perInstance,
            @DefaultValue("100") int instancesPerPool) {
        private static final int MOST_INSTANCES = 100_000;

        public Connections {
            check(
                    within(connectTimeout, Duration.ofMillis(10), Duration.ofMinutes(1)),
                    "connect-timeout",
                    connectTimeout,
                    "10ms to 1m");
            check(perInstance >= 1 && perInstance <= 1000, "per-instance", perInstance, "1 to 1000");
            check(
                    instancesPerPool >= 0 && instancesPerPool <= MOST_INSTANCES,
                    "instances-per-pool",
                    instancesPerPool,
                    "1 to " + MOST_INSTANCES + ", or 0 for all");
        }
    }

    /**
     * The page that shows the chain live.
     *
     * @param enabled Whether there is the page /dashboard/, and records of calls. It shows instances and calls to callers. By default
     *     as errors.details.
     */
    public record Dashboard(@Nullable Boolean enabled) {}

    /**
     * Which calls are kept after their end, step by step. A call takes about 2 KB.
     *
     * @param unusual How many unusual calls are kept: failed, retried, hedged, moved, slow, refused, by a secondary or stale. Up to
     *     100,000; 0 for none.
     * @param others How many of all others. Up to 100,000; 0 for none.
     * @param oneIn Of the others, one in so many is kept. At least 1.
     */
    public record Recorder(
            @DefaultValue("2000") int unusual,
            @DefaultValue("500") int others,
            @DefaultValue("100") int oneIn) {
        private static final int MOST = 100_000;

        public Recorder {
            check(unusual >= 0 && unusual <= MOST, "recorder.unusual", unusual, "0 to " + MOST);
            check(others >= 0 && others <= MOST, "recorder.others", others, "0 to " + MOST);
            check(oneIn >= 1, "recorder.one-in", oneIn, "1 or more");
        }
    }

    /**
     * A line of JSON for calls that have ended.
     *
     * @param enabled Whether there is one: for each call that failed or took several attempts, and for some of the others.
     * @param oneIn Of the others, one in so many has a line. At least 1, for all.
     * @param file The file to append to. By default lines go to the standard output.
     */
    public record AccessLog(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("100") int oneIn,
            @Nullable String file) {
        public AccessLog {
            file = blankToNull(file);
            check(oneIn >= 1, "access-log.one-in", oneIn, "1 or more");
        }
    }

    /**
     * A stream of calls as they end.
     *
     * @param enabled Whether there is the path /dashboard/tap, of which ./stack tap reads. It shows to callers which methods are
     *     called, and what became of it.
     * @param messages Whether readers may ask for the messages of calls, without the fields marked debug_redact.
     */
    public record Tap(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("false") boolean messages) {}

    /** Returns whether documents describe the methods to callers. */
    public boolean describesMethods() {
        return http.openapi == null ? errors.details : http.openapi;
    }

    private static @Nullable String blankToNull(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static boolean within(Duration value, Duration least, Duration most) {
        return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    }

    private static void check(boolean right, String name, @Nullable Object value, String expected) {
        if (!right) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
