package io.middleware.chaos.matrix;

import io.middleware.chaos.matrix.Fault.Goal;
import io.middleware.chaos.matrix.Fault.Setting;
import io.middleware.chaos.measure.Recording;
import io.middleware.chaos.measure.Window;
import io.middleware.load.CallRecord;
import io.middleware.load.Kind;
import io.middleware.load.Reply;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Results of rows for tests. */
final class ResultFixture {

    static final Reply SUCCEEDED = new Reply("", "hello-service-1", "gateway-1", 1, "");
    static final Result NORMAL = result(
            new Fault("0", "none", Goal.nothingLost(), Setting.USUAL, injector -> {}),
            Map.of(),
            new CallRecord(0, Kind.GRPC, 12_000, "n", SUCCEEDED));

    private ResultFixture() {}

    static Result result(Fault fault, Map<String, Integer> books, CallRecord... records) {
        Window window = new Window(List.of(records));
        return new Result(
                fault,
                window.idempotent(),
                Signatures.of(window.ofKind(Kind.SIGN), books),
                Signatures.of(window.ofKind(Kind.KEYED), books),
                Fallbacks.of(window, Set.of("hello-secondary-1")),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Overload.NONE,
                new Recording(window, List.of(), 0, 1_000_000));
    }

    static Result overloaded(Window calls, Overload overload) {
        return new Result(
                fault(Goal.served(216)),
                calls.idempotent(),
                Signatures.of(calls.ofKind(Kind.SIGN), Map.of("s", 1)),
                Signatures.of(calls.ofKind(Kind.KEYED), Map.of()),
                new Fallbacks(0, 0),
                OptionalLong.empty(),
                OptionalLong.empty(),
                overload,
                new Recording(calls, List.of(), 0, 1_000_000));
    }

    static Fault fault(Goal goal) {
        return new Fault("1", "a fault", goal, Setting.USUAL, injector -> {});
    }

    static Reply failed(String error) {
        return new Reply(error, "", "", 0, "");
    }
}
