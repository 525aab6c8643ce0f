package io.middleware.chaos.prove.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that the callers of a run did.
 *
 * @param run    prefix of all its call ids and keys
 * @param method full name of the method that changes something
 */
public record History(String run, String method, List<Submission> submissions) {

    public History {
        submissions = List.copyOf(submissions);
    }

    /** Returns the operations, in their order. */
    public List<Operation> operations() {
        Map<Integer, List<Submission>> operations = new TreeMap<>();
        submissions.forEach(submission -> operations
                .computeIfAbsent(submission.operation(), none -> new ArrayList<>())
                .add(submission));
        return operations.values().stream()
                .map(all -> new Operation(all.stream()
                        .sorted(Comparator.comparingLong(Submission::beginMicros))
                        .toList()))
                .toList();
    }
}
