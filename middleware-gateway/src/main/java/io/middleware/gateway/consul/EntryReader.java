package io.middleware.gateway.consul;

import io.middleware.core.StickyRules;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads one entry of Consul's list. An instance with a warning check counts as passing, with the weight that Consul has
 * for that. Entries of a kind (the proxies and gateways of Consul's mesh, which may carry their service's tags and
 * meta) are not instances.
 */
final class EntryReader {
    static final String TAG = "middleware";

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();
    private static final String SERVICES = "grpc-services-";
    private static final Pattern NO_HOST = Pattern.compile("[\\s:/\\[\\]@]");

    private EntryReader() {}

    /** Thrown for an entry that cannot be used; the message says what was expected. */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message);
        }
    }

    /** Parses an entry. */
    static HealthEntry parse(byte[] bytes, int from, int length) throws UnusableException {
        try {
            return JSON.readValue(bytes, from, length, HealthEntry.class);
        } catch (JacksonException malformed) {
            throw new UnusableException("its entry cannot be read: " + malformed.getOriginalMessage());
        }
    }

    /** Returns the id in an entry that cannot be parsed; empty without one. */
    static String id(byte[] bytes, int from, int length) {
        try {
            return JSON.readTree(bytes, from, length).at("/Service/ID").asString("");
        } catch (JacksonException malformed) {
            return "";
        }
    }

    /** Returns the id; empty without one. */
    static String id(HealthEntry entry) {
        return entry.service() == null || entry.service().id() == null
                ? ""
                : entry.service().id();
    }

    /** Returns null for an entry that is not an instance: without the tag {@value #TAG}, or of a kind. */
    static @Nullable Registration read(HealthEntry entry, UnaryOperator<List<String>> shared) throws UnusableException {
        if (entry.service() == null
                || !entry.service().hasTag(TAG)
                || !entry.service().kind().isBlank()) {
            return null;
        }
        return registration(entry, entry.service(), shared);
    }

    private static Registration registration(
            HealthEntry entry, HealthEntry.Service service, UnaryOperator<List<String>> shared)
            throws UnusableException {
        if (service.id() == null || service.id().isBlank()) {
            throw new UnusableException("no id (expected: one that is unique in the service)");
        }
        if (service.port() < 1 || service.port() > 65_535) {
            throw new UnusableException("port " + service.port() + " (expected: 1 to 65535)");
        }
        Pool pool = service.hasTag("secondary") ? Pool.SECONDARY : Pool.PRIMARY;
        int weight = entry.hasCheck("warning")
                ? service.weights().warning()
                : service.weights().passing();
        if (weight < 0) {
            throw new UnusableException("weight " + weight + " (expected: 0 or more)");
        }
        long modified = LongStream.concat(
                        LongStream.of(service.modifyIndex()),
                        entry.checks().stream().mapToLong(HealthEntry.Check::modifyIndex))
                .max()
                .getAsLong();
        return new Registration(
                service.id(),
                node(entry),
                host(entry, service),
                service.port(),
                pool,
                weight,
                shared.apply(grpcServices(service.meta())),
                isTrue(service.meta(), "idempotency-keys"),
                status(entry),
                service.createIndex(),
                modified,
                isTrue(service.meta(), "tls"),
                sticky(service.meta()),
                service.meta().getOrDefault("schema", "").strip());
    }

    private static StickyRules sticky(Map<String, String> meta) throws UnusableException {
        try {
            return StickyRules.parse(meta.getOrDefault("sticky", ""));
        } catch (IllegalArgumentException wrong) {
            throw new UnusableException("its meta " + wrong.getMessage());
        }
    }

    private static boolean isTrue(Map<String, String> meta, String key) {
        return Boolean.parseBoolean(meta.getOrDefault(key, "").strip());
    }

    /** Returns the status. Maintenance, which an operator sets, takes precedence over checks. */
    private static Registration.Status status(HealthEntry entry) {
        if (entry.inMaintenance()) {
            return Registration.Status.MAINTENANCE;
        }
        return entry.hasCheck("critical") ? Registration.Status.FAILING : Registration.Status.PASSING;
    }

    private static String node(HealthEntry entry) {
        return entry.node() == null || entry.node().name() == null
                ? ""
                : entry.node().name();
    }

    /** Returns the address without the brackets that an IPv6 address may have. */
    private static String host(HealthEntry entry, HealthEntry.Service service) throws UnusableException {
        String address = Stream.of(
                        service.address(),
                        entry.node() == null ? null : entry.node().address())
                .filter(given -> given != null && !given.isBlank())
                .findFirst()
                .orElseThrow(() -> new UnusableException("no address (expected: its own or its node's)"))
                .strip();
        String host =
                address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
        if (!isIpv6Address(host) && NO_HOST.matcher(host).find()) {
            throw new UnusableException(
                    "address " + address + " (expected: an IP address or the name of a host, without a port)");
        }
        return host;
    }

    private static boolean isIpv6Address(String host) {
        int zone = host.indexOf('%');
        try {
            Inet6Address.ofLiteral(zone < 0 ? host : host.substring(0, zone));
            return true;
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    private static List<String> grpcServices(Map<String, String> meta) throws UnusableException {
        List<String> names = new ArrayList<>();
        int i = 1;
        for (String value = meta.get(SERVICES + i); value != null; value = meta.get(SERVICES + ++i)) {
            Arrays.stream(value.split("[,\\s]+")).filter(EntryReader::isServed).forEach(names::add);
        }
        if (names.isEmpty()) {
            throw new UnusableException(
                    "no gRPC service in its meta (expected: " + SERVICES + "1 with full names, comma-separated)");
        }
        return names;
    }

    /** Leaves out health and reflection: every server has them, so a call to them is for no particular service. */
    private static boolean isServed(String name) {
        return !name.isEmpty() && !name.startsWith("grpc.health.") && !name.startsWith("grpc.reflection.");
    }
}
