package io.middleware.chaos.prove.check;

import io.middleware.chaos.prove.book.Execution;
import io.middleware.chaos.prove.history.History;
import io.middleware.chaos.prove.history.Kind;
import io.middleware.chaos.prove.history.Submission;
import io.middleware.chaos.prove.history.Told;
import java.util.ArrayList;
import java.util.List;

/** A run that a test makes up: what callers were told, and what servers wrote. */
final class RunFixture {

    static final String RUN = "run-1-";

    final List<Submission> submissions = new ArrayList<>();
    final List<Execution> books = new ArrayList<>();
    private int ids;

    /** Adds a call; its id is that of its operation and its number among them. */
    Submission call(int operation, Kind kind, Told told, String response) {
        long number = submissions.stream()
                .filter(each -> each.operation() == operation)
                .count();
        Submission call = new Submission(
                operation,
                kind,
                "gRPC",
                RUN + operation + "." + number,
                kind == Kind.KEYED ? RUN + operation : "",
                submissions.size(),
                submissions.size() + 1,
                told,
                told.name(),
                1,
                "server-1",
                "gateway-1",
                false,
                response);
        submissions.add(call);
        return call;
    }

    Execution executed(Submission call) {
        return executed(call.callId(), call.key());
    }

    Execution executed(String callId, String key) {
        Execution execution = new Execution("id-" + ids++, callId, key, "", "hello.v1.Guestbook/Sign", "server-1", ids);
        books.add(execution);
        return execution;
    }

    Judgement check() {
        return Checker.check(new History(RUN, "hello.v1.Guestbook/Sign", submissions), books);
    }

    List<Rule> broken() {
        return check().violations().stream().map(Violation::rule).toList();
    }
}
