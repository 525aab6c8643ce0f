package io.middleware.chaos.matrix;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.middleware.chaos.LoadProcess;
import io.middleware.chaos.Parts;
import io.middleware.chaos.Stack;
import io.middleware.chaos.Window;
import io.middleware.load.CallRecord;
import io.middleware.load.Kind;

/** Calls on top of the usual ones, for a time. */
final class Rush {

    static final Rush NONE = new Rush(null);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** 0: every call was answered, 1: not every one. */
    private static final int SENT = 1;

    private final LoadProcess load;
    private List<CallRecord> calls;

    private Rush(LoadProcess load) {
        this.load = load;
    }

    /** {@code perSecond}: half of it gRPC, half HTTP; 0 for none. */
    static Rush start(Parts parts, int perSecond, Duration lasting) {
        Map<Kind, Integer> rates = Map.of(Kind.GRPC, perSecond / 2, Kind.HTTP, perSecond / 2);
        return perSecond == 0 ? NONE
                : new Rush(LoadProcess.start(parts, rates, List.of("--for", lasting.toSeconds() + "s")));
    }

    /** The usual calls and its own, which have all ended. */
    Window with(Window usual) throws InterruptedException {
        return new Window(Stream.concat(usual.calls().stream(), calls().stream()).toList());
    }

    /**
     * What became of all calls while it lasted; {@link Overload#NONE} if there was none.
     *
     * @param brokenAt when the servers began to be less than usual
     * @param mendedAt when they began to be put back
     * @param mended   when they were
     */
    Overload overload(Window all, long brokenAt, long mendedAt, long mended) throws InterruptedException {
        if (calls().isEmpty()) {
            return Overload.NONE;
        }
        long first = calls.stream().mapToLong(CallRecord::dueMicros).min().orElseThrow();
        long last = calls.stream().mapToLong(CallRecord::dueMicros).max().orElseThrow();
        return Overload.of(all, Math.max(first, brokenAt), Math.min(last, mendedAt), Math.max(last, mended));
    }

    private List<CallRecord> calls() throws InterruptedException {
        if (calls == null) {
            calls = load == null ? List.of() : ended();
        }
        return calls;
    }

    private List<CallRecord> ended() throws InterruptedException {
        if (load.await(PATIENCE) > SENT) {
            throw new Stack.StackException("The second load generator could not keep up: no figures. " + load.told());
        }
        return load.calls().due(0, Long.MAX_VALUE);
    }
}
