package io.middleware.chaos.prove.check;

import io.middleware.chaos.prove.book.Execution;
import io.middleware.chaos.prove.history.Operation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The executions of one run, by call and by key. Those of other callers are left out. */
final class Executions {

    private final Map<String, Execution> all = new LinkedHashMap<>();
    private final Map<String, List<Execution>> byCall = new HashMap<>();
    private final Map<String, List<Execution>> byKey = new HashMap<>();

    /** @param run prefix of the run's call ids and keys */
    Executions(String run, List<Execution> books) {
        for (Execution execution : books) {
            boolean ours = execution.callId().startsWith(run) || execution.key().startsWith(run);
            // servers with one database tell of each execution several times
            if (ours && all.putIfAbsent(execution.id(), execution) == null) {
                add(byCall, execution.callId(), execution);
                add(byKey, execution.key(), execution);
            }
        }
    }

    private static void add(Map<String, List<Execution>> index, String name, Execution execution) {
        if (!name.isEmpty()) {
            index.computeIfAbsent(name, none -> new ArrayList<>()).add(execution);
        }
    }

    List<Execution> ofCall(String callId) {
        return byCall.getOrDefault(callId, List.of());
    }

    /**
     * Returns those of an operation: by its key, and by the ids of its calls, as a key that got lost on the way is in
     * no book.
     */
    List<Execution> of(Operation operation) {
        Map<String, Execution> found = new LinkedHashMap<>();
        operation.submissions().forEach(call -> ofCall(call.callId()).forEach(each -> found.put(each.id(), each)));
        byKey.getOrDefault(operation.key(), List.of()).forEach(each -> found.put(each.id(), each));
        return List.copyOf(found.values());
    }

    Collection<Execution> all() {
        return all.values();
    }

    int count() {
        return all.size();
    }
}
