package io.middleware.gateway;

import io.middleware.core.Settings;
import io.middleware.gateway.ingress.Cors;
import io.middleware.gateway.stale.StaleSettings;
import io.middleware.gateway.sticky.StickyCallSettings;
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
        @DefaultValue Calls calls,
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
     * How calls are made and retried.
     *
     * @param unaryDeadline The deadline of a unary call whose caller gave none; it is not forwarded to servers. 0 for none.
     * @param attempts The most attempts of a call, from 1 to 100, the first and hedges included; but of what was provably not
     *     executed, each instance gets one.
     * @param firstBackOff The back-off before a retry when every instance was tried, from 1 ms to 1 s; doubles, with a random half.
     */
    public record Calls(
            @DefaultValue("15s") Duration unaryDeadline,
            @DefaultValue("6") int attempts,
            @DefaultValue("20ms") Duration firstBackOff,
            @DefaultValue Budget budget,
            @DefaultValue Replay replay,
            @DefaultValue Ejection ejection,
            @DefaultValue Hedge hedge,
            @DefaultValue Silence silence,
            @DefaultValue Limit limit,
            @DefaultValue @NestedConfigurationProperty StaleSettings stale,
            @DefaultValue @NestedConfigurationProperty StickyCallSettings sticky,
            @DefaultValue SlowStart slowStart) {

        public Calls {
            toCore(
                    unaryDeadline,
                    attempts,
                    firstBackOff,
                    budget,
                    replay,
                    ejection,
                    hedge,
                    silence,
                    limit,
                    sticky,
                    slowStart);
        }

        Settings toCore() {
            return toCore(
                    unaryDeadline,
                    attempts,
                    firstBackOff,
                    budget,
                    replay,
                    ejection,
                    hedge,
                    silence,
                    limit,
                    sticky,
                    slowStart);
        }

        private static Settings toCore(
                Duration unaryDeadline,
                int attempts,
                Duration firstBackOff,
                Budget budget,
                Replay replay,
                Ejection ejection,
                Hedge hedge,
                Silence silence,
                Limit limit,
                StickyCallSettings sticky,
                SlowStart slowStart) {
            return new Settings(
                    unaryDeadline,
                    attempts,
                    firstBackOff,
                    new Settings.Budget(budget.ratio, budget.floor, budget.capacity),
                    new Settings.Replays(replay.perCall.toBytes(), replay.total.toBytes()),
                    new Settings.Ejection(
                            ejection.firstProbe,
                            ejection.longestProbe,
                            ejection.outliers,
                            ejection.firstTrial,
                            ejection.longestTrial),
                    new Settings.Hedge(hedge.initialDelay, hedge.shortestDelay, hedge.longestDelay),
                    new Settings.Silence(silence.after, silence.pingLimit, silence.lostAfter),
                    new Settings.Limit(limit.enabled, limit.longestWait, limit.least, limit.most),
                    sticky.toCore(),
                    new io.middleware.core.SlowStart(slowStart.calls, slowStart.longest, slowStart.extra));
        }
    }

    /**
     * The retry budget: what retries may add to a service's load.
     *
     * @param ratio Retries per call, from 0 to 1.
     * @param floor Retries a second that are allowed however few the calls.
     * @param capacity The most retries that can be saved up.
     */
    public record Budget(
            @DefaultValue("0.2") double ratio,
            @DefaultValue("10") int floor,
            @DefaultValue("500") int capacity) {}

    /**
     * The bytes of requests that may be held for another attempt.
     *
     * @param perCall Of one request.
     * @param total Of all requests together.
     */
    public record Replay(
            @DefaultValue("4MB") DataSize perCall,
            @DefaultValue("64MB") DataSize total) {}

    /**
     * When ejected instances are probed.
     *
     * @param firstProbe After the ejection. At least 10 ms.
     * @param longestProbe The longest wait between probes, which doubles while they fail.
     * @param outliers Whether an instance is ejected whose calls fail while those of its peers succeed.
     * @param firstTrial After the ejection of an outlier: how long until it gets a call again. At least 10 ms.
     * @param longestTrial The longest such wait, which doubles while that call fails. Up to a day.
     */
    public record Ejection(
            @DefaultValue("100ms") Duration firstProbe,
            @DefaultValue("5s") Duration longestProbe,
            @DefaultValue("true") boolean outliers,
            @DefaultValue("1s") Duration firstTrial,
            @DefaultValue("30s") Duration longestTrial) {}

    /**
     * When an idempotent call without a response is hedged, by an attempt on another instance: after the method's own recent
     * p95, within these bounds. Each hedge counts as an attempt and is paid from the budget.
     *
     * @param initialDelay While fewer than 20 responses of the method are known. From shortest-delay to longest-delay.
     * @param shortestDelay The least delay, from 1 ms to a day: a short pause of a server is no reason to hedge.
     * @param longestDelay The most, up to a day.
     */
    public record Hedge(
            @DefaultValue("100ms") Duration initialDelay,
            @DefaultValue("10ms") Duration shortestDelay,
            @DefaultValue("10s") Duration longestDelay) {}

    /**
     * When a silent instance gets a health check, a ping, and is ejected if that fails as well.
     *
     * @param after How long an attempt may get no response, from 1 ms to a day; less if the hedge delay is less.
     * @param pingLimit How long the response to a ping may take, from 5 ms to 1 min; four round trips where that is more, so that
     *     an instance that is far away is not ejected.
     * @param lostAfter How long an ejected instance may be silent, from 100 ms to a day. After that a unary call that it has,
     *     and that is not idempotent, ends as UNAVAILABLE instead of waiting for its deadline.
     */
    public record Silence(
            @DefaultValue("100ms") Duration after,
            @DefaultValue("30ms") Duration pingLimit,
            @DefaultValue("1s") Duration lostAfter) {}

    /**
     * How many unary calls an instance may have from this gateway at a time when calls queue up there: as many as it responds
     * to in time, which is measured. A call that finds each primary at its limit is refused at once with RESOURCE_EXHAUSTED.
     *
     * @param enabled Whether there is a limit.
     * @param longestWait Extra latency tolerated before an instance is limited, from 10 ms to 1 min: max(this, usual / 2), at most
     *     a quarter of the call's spare time.
     * @param least The least limit. At least 1.
     * @param most The largest, with which an instance begins. At least least.
     */
    public record Limit(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("500ms") Duration longestWait,
            @DefaultValue("10") int least,
            @DefaultValue("10000") int most) {}

    /**
     * How an instance that has just started is spared: until then its cost counts more often than that of others, and it is hedged
     * after what the others take.
     *
     * @param calls So many answered calls show that it is warm. At least 1.
     * @param longest After this time it is not new, however few calls there were, from 1 ms to 1 h.
     * @param extra How much its cost counts in addition at first, from 0 to 100; 0 for no difference.
     */
    public record SlowStart(
            @DefaultValue("200") int calls,
            @DefaultValue("30s") Duration longest,
            @DefaultValue("4") double extra) {}

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
