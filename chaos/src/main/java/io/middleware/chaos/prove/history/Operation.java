package io.middleware.chaos.prove.history;

import java.util.List;

/** What a caller wanted done: its submissions, in the order in which they were sent. At least one. */
public record Operation(List<Submission> submissions) {

    public Operation {
        submissions = List.copyOf(submissions);
    }

    public Kind kind() {
        return submissions.getFirst().kind();
    }

    /** Returns its idempotency key; empty without one. */
    public String key() {
        return submissions.getFirst().key();
    }

    /** Returns the submissions that got a response. */
    public List<Submission> succeeded() {
        return submissions.stream().filter(Submission::ok).toList();
    }

    public boolean ok() {
        return submissions.stream().anyMatch(Submission::ok);
    }
}
