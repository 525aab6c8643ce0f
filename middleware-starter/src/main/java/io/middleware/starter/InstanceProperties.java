package io.middleware.starter;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this server registers in Consul. Every setting has a default.
 *
 * @param enabled Whether this server is an instance: registers in Consul, sends heartbeats, leaves it on shutdown.
 * @param id Id of this instance, unique in Consul. Letters, digits and hyphens, first a letter, last no hyphen. The
 *           default is made of the application's name, the host and the port.
 * @param host Address under which others reach this instance. The default is the address that the gRPC server binds to
 *             or, if that is every address, the machine's.
 * @param pool Pool of this instance: secondaries get calls only when no primary can serve them.
 * @param weight Share of the calls relative to the other instances of the pool, from 1 to 65535.
 * @param idempotencyKeys Whether this server executes a call once per Idempotency-Key, so that a call with one may be
 *                        retried; by itself where all its methods honour keys.
 * @param sticky Where calls have a key that chooses their instance: header:NAME, field:PATH or caller, for all gRPC services, or
 *               package.Service=RULE for one; several are separated by commas. By default none: the balancer chooses.
 * @param drainDelay How long to keep serving after leaving Consul and before draining, until callers have noticed. At
 *                   most 60 s.
 */
@ConfigurationProperties("middleware.instance")
public record InstanceProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String id,
        @Nullable String host,
        @DefaultValue("primary") Pool pool,
        @DefaultValue("1") int weight,
        @Nullable Boolean idempotencyKeys,
        @Nullable String sticky,
        @DefaultValue("500ms") Duration drainDelay,
        @DefaultValue WarmUp warmUp,
        @DefaultValue Tls tls) {

    /**
     * Calls of the server to itself before it registers. None if its port speaks TLS.
     *
     * @param limit How long they may take, from 0s, which turns them off, to 10s.
     * @param methods Methods to call with empty messages, besides health checks, such as shop.v1.Stock/List. They must be unary and
     *                have no side effects by their descriptors.
     */
    public record WarmUp(
            @DefaultValue("2s") Duration limit,
            @DefaultValue List<String> methods) {
        private static final Duration LONGEST = Duration.ofSeconds(10);

        public WarmUp {
            require(!limit.isNegative() && limit.compareTo(LONGEST) <= 0, "warm-up.limit", "0s to 10s", limit);
            methods = List.copyOf(methods);
        }
    }

    /**
     * The TLS of the gRPC server, which spring.grpc.server.ssl.bundle turns on.
     *
     * @param callers Names of which a caller's certificate must have one: URIs or DNS names, or prefixes that end with /*.
     */
    public record Tls(@DefaultValue(GATEWAYS) List<String> callers) {
        static final String GATEWAYS = "spiffe://middleware/gateway";
    }

    private static final Pattern STICKY =
            Pattern.compile("([\\w.]+=)?(header:[A-Za-z0-9!#$%&'*+.^_`|~-]+|field:\\w+(\\.\\w+)*|caller|none)");
    private static final Pattern ID = Pattern.compile("[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?");
    private static final Duration MAX_DRAIN_DELAY = Duration.ofSeconds(60);

    /**
     * @throws IllegalArgumentException if a value is out of its range; the message names the property and what is
     * expected
     */
    public InstanceProperties {
        id = blankToNull(id);
        host = withoutBrackets(blankToNull(host));
        require(
                id == null || ID.matcher(id).matches(),
                "id",
                "letters, digits and hyphens, first a letter, last no hyphen",
                id);
        sticky = blankToNull(sticky);
        require(
                sticky == null
                        || Stream.of(sticky.split("[,\\s]+"))
                                .allMatch(rule -> STICKY.matcher(rule).matches()),
                "sticky",
                "header:NAME, field:PATH or caller, or package.Service= before it; separated by commas",
                sticky);
        require(weight >= 1 && weight <= 65_535, "weight", "1 to 65535", weight);
        require(
                !drainDelay.isNegative() && drainDelay.compareTo(MAX_DRAIN_DELAY) <= 0,
                "drain-delay",
                "0s to 60s",
                drainDelay);
    }

    private static @Nullable String blankToNull(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }

    /** Removes the brackets that an IPv6 address has in a URL. */
    private static @Nullable String withoutBrackets(@Nullable String host) {
        return host != null && host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static void require(boolean met, String property, String expected, @Nullable Object actual) {
        if (!met) {
            throw new IllegalArgumentException(
                    "middleware.instance." + property + ": expected " + expected + ", was '" + actual + "'");
        }
    }
}
