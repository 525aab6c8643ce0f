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
import io.middleware.chaos.Window;
import io.middleware.load.Kind;

/** Plays faults under a load: each takes 20 s, begins after 5 s and ends after 15 s. */
final class Matrix implements AutoCloseable {

    private static final Duration BEFORE = Duration.ofSeconds(5);
    private static final Duration WHILE = Duration.ofSeconds(10);
    private static final Duration AFTER = Duration.ofSeconds(5);
    private static final Duration SETTLING = Duration.ofSeconds(3);
    /** JVMs that have just started are slow for a while, and are not what is measured. */
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(40);
    private static final long WARM_P99 = 50_000;
    private static final Map<Kind, Integer> RATES = Map.of(Kind.GRPC, 150, Kind.HTTP, 150, Kind.SIGN, 30);
    private static final List<String> LONG = List.of("--for", "60m");
    private static final List<String> LONG_BY_OWN_CLIENT = List.of("--for", "60m", "--hedging");

    private final Stack stack;
    private final Parts parts;
    private final Aftermath aftermath;
    private final Clock clock;
    private LoadProcess load;
    private boolean hedging;

    Matrix(Stack stack, Parts parts, Notices notices, Clock clock) {
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
        try {
            clock.sleep(BEFORE);
            fault.script().play(stage);
            sleepUntil(begin + micros(BEFORE.plus(WHILE)));
            avoided = aftermath.avoided(stage);
            if (stage.mendedAt() == 0) {
                stage.mends();
            }
            sleepUntil(begin + micros(BEFORE.plus(WHILE).plus(AFTER)));
        } finally {
            stage.putBack();
        }
        long end = clock.micros();
        OptionalLong back = aftermath.back(stage, calls);
        restore(fault);
        Window window = load.window(begin, end);
        return new Result(fault, window.repeatable(), Signatures.of(window, Signatures.books(parts.servers())), avoided, back);
    }

    private void prepare(Fault fault) throws InterruptedException {
        if (load == null || hedging != fault.setting().hedging() || !load.alive()) {
            close();
            hedging = fault.setting().hedging();
            load = LoadProcess.start(parts, RATES, hedging ? LONG_BY_OWN_CLIENT : LONG);
            awaitWarm();
        }
        slow(fault.setting().slow());
        clock.sleep(SETTLING);
    }

    private void awaitWarm() throws InterruptedException {
        long limit = clock.micros() + micros(LONGEST_WARM_UP);
        Window lately;
        do {
            clock.sleep(SETTLING);
            long now = clock.micros();
            lately = new Window(load.calls().due(now - micros(SETTLING), now));
        } while (clock.micros() < limit && (lately.count() == 0 || lately.percentile(99) > WARM_P99));
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
