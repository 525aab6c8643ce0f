package io.middleware.gateway.consul;

import io.middleware.core.Pool;
import io.middleware.core.Registration;
import java.io.IOException;
import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what Consul says of one service's instances. An entry that cannot be used is left out with one warning, told again only
 * when the reason changes. An instance with a warning check counts as passing, with the weight that Consul has for that. Entries
 * of a kind (the proxies and gateways of Consul's mesh, which may carry their service's tags and meta) are no instances.
 */
final class Registrations {
    static final String TAG = "middleware";

    private static final Logger log = LoggerFactory.getLogger(Registrations.class);
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();
    private static final String SERVICES = "grpc-services-";
    private static final Pattern NO_HOST = Pattern.compile("[\\s:/\\[\\]@]");
    private static final Comparator<Registration> LIKELIER =
            Comparator.comparing(Registration::passing).thenComparing(Registration::modifyIndex);

    /** What tells servers apart, whatever node their entry is at. */
    private record Server(String id, String host, int port) {}

    private final String service;
    private Map<String, String> told = Map.of();

    Registrations(String service) {
        this.service = service;
    }

    /** An entry that is of no use; the message says what was expected. */
    private static final class Unusable extends Exception {
        Unusable(String message) {
            super(message);
        }
    }

    /**
     * Those without the tag {@value #TAG} are not among them.
     *
     * @throws IOException if this is no list of health entries
     */
    List<Registration> read(JsonNode entries) throws IOException {
        if (!entries.isArray()) {
            throw new IOException("it answered no list of instances of " + service);
        }
        Map<Server, Registration> registrations = new LinkedHashMap<>();
        Map<String, String> problems = new HashMap<>();
        for (JsonNode entry : entries) {
            String id = entry.at("/Service/ID").asString("");
            try {
                Registration registration = registration(entry);
                if (registration != null) {
                    registrations.merge(
                            new Server(id, registration.host(), registration.port()),
                            registration,
                            Registrations::likelier);
                }
            } catch (Unusable problem) {
                problems.put(id, problem.getMessage());
            }
        }
        tell(problems);
        return new ArrayList<>(registrations.values());
    }

    /**
     * Which of two entries of a server is true. The nodes of a cluster may each have one: an instance that lost its agent joins at
     * another, and what it left behind fails.
     */
    private static Registration likelier(Registration known, Registration other) {
        return LIKELIER.compare(known, other) >= 0 ? known : other;
    }

    private void tell(Map<String, String> problems) {
        problems.forEach((id, problem) -> {
            if (!problem.equals(told.get(id))) {
                log.warn("{} of {} is left out: {}", id.isBlank() ? "an instance" : id, service, problem);
            }
        });
        told = problems;
    }

    private static Registration registration(JsonNode json) throws Unusable {
        HealthEntry entry;
        try {
            entry = JSON.treeToValue(json, HealthEntry.class);
        } catch (JacksonException malformed) {
            throw new Unusable("its entry cannot be read: " + malformed.getOriginalMessage());
        }
        if (entry.service() == null
                || !entry.service().hasTag(TAG)
                || !entry.service().kind().isBlank()) {
            return null;
        }
        return registration(entry, entry.service());
    }

    private static Registration registration(HealthEntry entry, HealthEntry.Service service) throws Unusable {
        if (service.id() == null || service.id().isBlank()) {
            throw new Unusable("no id (expected: one that is unique in the service)");
        }
        if (service.port() < 1 || service.port() > 65_535) {
            throw new Unusable("port " + service.port() + " (expected: 1 to 65535)");
        }
        Pool pool = service.hasTag("secondary") ? Pool.SECONDARY : Pool.PRIMARY;
        int weight = entry.hasCheck("warning")
                ? service.weights().warning()
                : service.weights().passing();
        if (weight < 0) {
            throw new Unusable("weight " + weight + " (expected: 0 or more)");
        }
        long modified = LongStream.concat(
                        LongStream.of(service.modifyIndex()),
                        entry.checks().stream().mapToLong(HealthEntry.Check::modifyIndex))
                .max()
                .getAsLong();
        return new Registration(
                service.id(),
                node(entry),
                host(entry),
                service.port(),
                pool,
                weight,
                grpcServices(service.meta()),
                Boolean.parseBoolean(
                        service.meta().getOrDefault("idempotency-keys", "").strip()),
                status(entry),
                service.createIndex(),
                modified);
    }

    /** What an operator says comes before what checks say. */
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

    /** An IPv6 address may be written in brackets. */
    private static String host(HealthEntry entry) throws Unusable {
        String address = Stream.of(
                        entry.service().address(),
                        entry.node() == null ? null : entry.node().address())
                .filter(given -> given != null && !given.isBlank())
                .findFirst()
                .orElseThrow(() -> new Unusable("no address (expected: its own or its node's)"))
                .strip();
        String host =
                address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
        if (!isIpv6Address(host) && NO_HOST.matcher(host).find()) {
            throw new Unusable(
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

    private static List<String> grpcServices(Map<String, String> meta) throws Unusable {
        List<String> names = new ArrayList<>();
        for (int i = 1; meta.containsKey(SERVICES + i); i++) {
            Arrays.stream(meta.get(SERVICES + i).split("[,\\s]+"))
                    .filter(Registrations::isServed)
                    .forEach(names::add);
        }
        if (names.isEmpty()) {
            throw new Unusable(
                    "no gRPC service in its meta (expected: " + SERVICES + "1 with full names, comma-separated)");
        }
        return names;
    }

    /** Every server has health and reflection: a caller who asks for them means no particular service. */
    private static boolean isServed(String name) {
        return !name.isEmpty() && !name.startsWith("grpc.health.") && !name.startsWith("grpc.reflection.");
    }
}
