package io.middleware.chaos.measure;

import io.middleware.chaos.stack.FakeClock;
import io.middleware.load.CallRecord;
import io.middleware.load.Kind;
import io.middleware.load.Reply;
import java.util.function.BooleanSupplier;

/** A call each 100 ms of a {@link FakeClock}, with responses at once of the instance that the test names. */
public final class FakeLoad implements Load {

    public boolean lasts = true;
    public boolean closed;
    public String respondedBy = "hello-service-1";
    public BooleanSupplier failsWhile = () -> false;
    private final Calls calls = new Calls();

    public FakeLoad(FakeClock clock) {
        clock.each(() -> {
            if (lasts && !closed) {
                String error = failsWhile.getAsBoolean() ? "UNAVAILABLE: on purpose" : "";
                Reply reply = new Reply(error, respondedBy, "gateway-1", 1, "");
                calls.add(new CallRecord(clock.micros(), Kind.GRPC, 1_000, "", reply).toString());
            }
        });
    }

    @Override
    public Calls calls() {
        return calls;
    }

    @Override
    public Window window(long fromMicros, long toMicros) {
        return new Window(calls.due(fromMicros, toMicros));
    }

    @Override
    public boolean lasts() {
        return lasts;
    }

    @Override
    public String errorOutput() {
        return "";
    }

    @Override
    public void close() {
        closed = true;
    }
}
