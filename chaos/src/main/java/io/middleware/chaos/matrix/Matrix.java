package io.middleware.chaos.matrix;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import io.middleware.chaos.Aftermath;
import io.middleware.chaos.Calls;
import io.middleware.chaos.Clock;
import io.middleware.chaos.LoadProcess;
import io.middleware.chaos.Notices;
import io.middleware.chaos.Parts;
import io.middleware.chaos.Stack;
import io.middleware.chaos.Stage;
import io.middleware.chaos.WarmUp;
import io.middleware.chaos.Window;
import io.middleware.load.Kind;

/** Plays faults under a load. */
final class Matrix implements AutoCloseable {

    private static final Duration SETTLING = Duration.ofSeconds(3);
    private static final Map<Kind, Integer> RATES = Map.of(Kind.GRPC, 150, Kind.HTTP, 150, Kind.SIGN, 30);
    private static final List<String> LONG = List.of("--for", "60m");
    private static final List<String> LONG_BY_OWN_CLIENT = List.of("--for", "60m", "--hedging");

    /** How long new load warms up at least, and a row takes: before the fault begins, until it ends, and after that. */
    record Phases(Duration warmUp, Duration before, Duration during, Duration after) {
        static final Phases FULL = seconds(20, 5, 10, 5);
        static final Phases SHORT = seconds(0, 2, 5, 3);

        private static Phases seconds(int warmUp, int before, int during, int after) {
            return new Phases(Duration.ofSeconds(warmUp), Duration.ofSeconds(before), Duration.ofSeconds(during),
                    Duration.ofSeconds(after));
        }
    }

    private final Phases phases;
    private final Stack stack;
    private final Parts parts;
    private final Aftermath aftermath;
    private final Clock clock;
    private LoadProcess load;
    private boolean hedging;

    Matrix(Phases phases, Stack stack, Parts parts, Notices notices, Clock clock) {
        this.phases = phases;
        this.stack = stack;
        this.parts = parts;
        this.aftermath = new Aftermath(parts, notices, clock);
        this.clock = clock;
    }

    Result play(Fault fault) throws InterruptedException {
        prepare(fault);
        Calls calls = load.calls();
        Stage stage = new Stage(stack, clock, parts);
        long begin = clock.micros();
        OptionalLong avoided;
        long mended;
        try {
            clock.sleep(phases.before);
            fault.script().play(stage);
            sleepUntil(begin + micros(phases.before.plus(phases.during)));
            avoided = aftermath.avoided(stage);
            if (stage.mendedAt() == 0) {
                stage.mends();
            }
            mended = clock.micros();
            sleepUntil(begin + micros(phases.before.plus(phases.during).plus(phases.after)));
        } finally {
            stage.putBack();
        }
        long end = clock.micros();
        OptionalLong back = aftermath.back(stage, calls);
        restore(fault);
        Window window = load.window(begin, end);
        Overload overload = fault.goal().servedPerSecond() == 0 ? Overload.NONE
                : Overload.of(window, stage.brokenAt(), stage.mendedAt(), mended);
        return new Result(fault, window.repeatable(), Signatures.of(window, Signatures.books(parts.servers())), avoided, back,
                overload);
    }

    private void prepare(Fault fault) throws InterruptedException {
        if (load == null || hedging != fault.setting().hedging() || !load.alive()) {
            close();
            hedging = fault.setting().hedging();
            load = LoadProcess.start(parts, RATES, hedging ? LONG_BY_OWN_CLIENT : LONG);
            WarmUp.await(load, clock, phases.warmUp);
        }
        slow(fault.setting().slow());
        clock.sleep(SETTLING);
    }

    private void restore(Fault fault) {
        if (!fault.setting().slow().isEmpty()) {
            slow("none");
        }
    }

    private void slow(String mode) {
        if (!mode.isEmpty()) {
            parts.servers().forEach(server -> stack.run("fault", server.name(), mode));
        }
    }

    private void sleepUntil(long micros) throws InterruptedException {
        clock.sleep(Duration.ofNanos(Math.max(0, micros - clock.micros()) * 1_000));
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    @Override
    public void close() {
        if (load != null) {
            load.close();
            load = null;
        }
    }
}
