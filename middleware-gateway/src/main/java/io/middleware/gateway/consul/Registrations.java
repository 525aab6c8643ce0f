package io.middleware.gateway.consul;

import io.middleware.core.instance.Registration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads Consul's list of one service's instances. An entry that cannot be used is left out, with a warning that is
 * repeated only when the reason changes. Several entries of one server are merged into one.
 *
 * <p>Consul sends the whole list at each change. An entry whose bytes are those of an earlier one is not read again, and its
 * registration is the same object: thousands of instances cost little more than their bytes, and the directory sees what has changed.
 */
final class Registrations {
    private static final Logger log = LoggerFactory.getLogger(Registrations.class);
    private static final Comparator<Registration> LIKELIER =
            Comparator.comparing(Registration::passing).thenComparingLong(Registration::modifyIndex);

    private static final int MOST_SHARED = 100;

    private final String service;
    private volatile Map<EntryDigest, Read> known = Map.of();
    private volatile Map<String, String> warned = Map.of();
    private final Map<List<String>, List<String>> grpcServices = new ConcurrentHashMap<>();

    /** What identifies a server, whichever node its entry is at. */
    private record Server(String id, String host, int port) {}

    /** What an entry says: a registration, or why it has none; neither if it is no instance. */
    private record Read(
            String id,
            @Nullable Registration registration,
            @Nullable String problem) {}

    Registrations(String service) {
        this.service = service;
    }

    /** Begins to read a list. One at a time: of two, the later one would forget what the other knows. */
    ElementsSubscriber.Reading<Listed> begin() {
        return new ListReading();
    }

    /**
     * A list that was read.
     *
     * @param entries how many entries it had, instances or not
     */
    record Listed(List<Registration> registrations, int entries) {}

    private final class ListReading implements ElementsSubscriber.Reading<Listed> {
        private final Map<EntryDigest, Read> seen = new HashMap<>(2 * known.size());
        private final Map<Server, Registration> registrations = new LinkedHashMap<>();
        private final Map<String, String> problems = new HashMap<>();
        private int entries;

        @Override
        public void onElement(byte[] bytes, int from, int length) {
            entries++;
            EntryDigest digest = EntryDigest.of(bytes, from, length);
            Read read = known.get(digest);
            if (read == null) {
                read = read(bytes, from, length);
            }
            seen.put(digest, read);
            Registration registration = read.registration;
            if (registration != null) {
                registrations.merge(
                        new Server(read.id, registration.host(), registration.port()),
                        registration,
                        Registrations::likelier);
            } else if (read.problem != null) {
                problems.put(read.id, read.problem);
            }
        }

        @Override
        public Listed end() {
            known = seen;
            warn(problems);
            return new Listed(new ArrayList<>(registrations.values()), entries);
        }
    }

    private Read read(byte[] bytes, int from, int length) {
        try {
            HealthEntry entry = EntryReader.parse(bytes, from, length);
            return new Read(EntryReader.id(entry), EntryReader.read(entry, this::shared), null);
        } catch (EntryReader.UnusableException problem) {
            return new Read(EntryReader.id(bytes, from, length), null, problem.getMessage());
        }
    }

    /** Returns an equal list: thousands of instances list the same. */
    private List<String> shared(List<String> names) {
        if (grpcServices.size() > MOST_SHARED) {
            grpcServices.clear();
        }
        return grpcServices.computeIfAbsent(List.copyOf(names), same -> same);
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
