package io.middleware.gateway.consul;

import io.middleware.core.instance.Registration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Reads Consul's list of one service's instances. An entry that cannot be used is left out, with a warning that is
 * repeated only when the reason changes. Several entries of one server are merged into one.
 */
final class Registrations {
    private static final Logger log = LoggerFactory.getLogger(Registrations.class);
    private static final Comparator<Registration> LIKELIER =
            Comparator.comparing(Registration::passing).thenComparingLong(Registration::modifyIndex);

    /** What identifies a server, whichever node its entry is at. */
    private record Server(String id, String host, int port) {}

    private final String service;
    private Map<String, String> warned = Map.of();

    Registrations(String service) {
        this.service = service;
    }

    /** @throws IOException if this is not a list of health entries */
    List<Registration> read(JsonNode entries) throws IOException {
        if (!entries.isArray()) {
            throw new IOException("the response is not a list of the instances of " + service);
        }
        Map<Server, Registration> registrations = new LinkedHashMap<>();
        Map<String, String> problems = new HashMap<>();
        for (JsonNode entry : entries) {
            String id = entry.at("/Service/ID").asString("");
            try {
                Registration registration = EntryReader.read(entry);
                if (registration != null) {
                    registrations.merge(
                            new Server(id, registration.host(), registration.port()),
                            registration,
                            Registrations::likelier);
                }
            } catch (EntryReader.UnusableException problem) {
                problems.put(id, problem.getMessage());
            }
        }
        warn(problems);
        return new ArrayList<>(registrations.values());
    }

    /**
     * Returns the entry of a server that is more likely to be true. Each node of a cluster may have one: an instance
     * that lost its agent registers at another, and the entry that it left behind fails.
     */
    private static Registration likelier(Registration known, Registration other) {
        return LIKELIER.compare(known, other) >= 0 ? known : other;
    }

    private void warn(Map<String, String> problems) {
        problems.forEach((id, problem) -> {
            if (!problem.equals(warned.get(id))) {
                log.warn("{} of {} is left out: {}", id.isBlank() ? "an instance" : id, service, problem);
            }
        });
        warned = problems;
    }
}
