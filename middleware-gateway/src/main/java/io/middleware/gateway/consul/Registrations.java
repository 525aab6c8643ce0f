package io.middleware.gateway.consul;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.middleware.core.Pool;
import io.middleware.core.Registration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what Consul says of one service's instances. An entry that cannot be used is left out with one warning, told again only
 * when the reason changes. An instance with a warning check counts as passing, with the weight that Consul has for that.
 */
final class Registrations {
    static final String TAG = "middleware";

    private static final Logger log = LoggerFactory.getLogger(Registrations.class);
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();
    private static final String SERVICES = "grpc-services-";
    private static final Comparator<Registration> LIKELIER =
            Comparator.comparing(Registration::passing).thenComparing(Registration::modifyIndex);

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
     * Instances in maintenance, and those without the tag {@value #TAG}, are not among them.
     *
     * @throws IOException if this is no list of health entries
     */
    List<Registration> read(JsonNode entries) throws IOException {
        if (!entries.isArray()) {
            throw new IOException("it answered no list of instances of " + service);
        }
        Map<String, Registration> registrations = new LinkedHashMap<>();
        Map<String, String> problems = new HashMap<>();
        for (JsonNode entry : entries) {
            String id = entry.at("/Service/ID").asString("");
            try {
                Registration registration = registration(entry);
                if (registration != null) {
                    registrations.put(id, likelier(registrations.get(id), registration));
                }
            } catch (Unusable problem) {
                problems.put(id, problem.getMessage());
            }
        }
        tell(problems);
        return new ArrayList<>(registrations.values());
    }

    /**
     * Which of two entries of an id is true. The nodes of a cluster may each have one: an instance that lost its agent joins at
     * another, and what it left behind fails.
     */
    private static Registration likelier(Registration known, Registration other) throws Unusable {
        if (known == null) {
            return other;
        }
        boolean elsewhere = !known.host().equals(other.host()) || known.port() != other.port();
        if (elsewhere && known.passing() && other.passing()) {
            throw new Unusable("another node has an instance of the same id (expected: unique)");
        }
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
        if (entry.service() == null || !entry.service().tags().contains(TAG) || entry.inMaintenance()) {
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
        Pool pool = service.tags().contains("secondary") ? Pool.SECONDARY : Pool.PRIMARY;
        int weight = entry.hasCheck("warning") ? service.weights().warning() : service.weights().passing();
        long modified = LongStream.concat(LongStream.of(service.modifyIndex()),
                entry.checks().stream().mapToLong(HealthEntry.Check::modifyIndex)).max().getAsLong();
        return new Registration(service.id(), host(entry), service.port(), pool, weight, grpcServices(service.meta()),
                Boolean.parseBoolean(service.meta().get("idempotency-keys")), !entry.hasCheck("critical"),
                service.createIndex(), modified);
    }

    private static String host(HealthEntry entry) throws Unusable {
        return Stream.of(entry.service().address(), entry.node() == null ? null : entry.node().address())
                .filter(address -> address != null && !address.isBlank()).findFirst()
                .orElseThrow(() -> new Unusable("no address (expected: its own or its node's)"));
    }

    private static List<String> grpcServices(Map<String, String> meta) throws Unusable {
        List<String> names = new ArrayList<>();
        for (int i = 1; meta.containsKey(SERVICES + i); i++) {
            Arrays.stream(meta.get(SERVICES + i).split(",")).map(String::strip).filter(Registrations::isServed)
                    .forEach(names::add);
        }
        if (names.isEmpty()) {
            throw new Unusable("no gRPC service in its meta (expected: " + SERVICES + "1 with full names, comma-separated)");
        }
        return names;
    }

    /** Every server has health and reflection: a caller who asks for them means no particular service. */
    private static boolean isServed(String name) {
        return !name.isEmpty() && !name.startsWith("grpc.health.") && !name.startsWith("grpc.reflection.");
    }
}
