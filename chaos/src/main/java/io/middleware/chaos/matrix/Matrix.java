package io.middleware.chaos.matrix;

import io.middleware.chaos.measure.Load;
import io.middleware.chaos.measure.Loads;
import io.middleware.chaos.measure.Recording;
import io.middleware.chaos.measure.RecoveryTimes;
import io.middleware.chaos.measure.Window;
import io.middleware.chaos.stack.Clock;
import io.middleware.chaos.stack.FaultInjector;
import io.middleware.chaos.stack.Part;
import io.middleware.chaos.stack.Parts;
import io.middleware.chaos.stack.Stack;
import io.middleware.load.Kind;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Runs one row: plays a fault under load, and gathers what was measured. */
final class Matrix {

    private static final Map<Kind, Integer> RATES = Map.of(Kind.GRPC, 150, Kind.HTTP, 150, Kind.SIGN, 30);
    private static final int KEYED_RATE = 30;

    private static final Duration SETTLING = Duration.ofSeconds(3);

    /** Least warm-up of a new load, then the three parts of a row: before, during and after the fault. */
    record Phases(Duration warmUp, Duration before, Duration during, Duration after) {
        static final Phases FULL = seconds(20, 5, 10, 5);
        static final Phases SHORT = seconds(0, 2, 5, 3);

        private static Phases seconds(int warmUp, int before, int during, int after) {
            return new Phases(
                    Duration.ofSeconds(warmUp),
                    Duration.ofSeconds(before),
                    Duration.ofSeconds(during),
                    Duration.ofSeconds(after));
        }
    }

    /** Returns the calls a second; those with keys only where a database keeps them. */
    static Map<Kind, Integer> rates(Parts parts) {
        Map<Kind, Integer> rates = new EnumMap<>(RATES);
        if (parts.database().isPresent()) {
            rates.put(Kind.KEYED, KEYED_RATE);
        }
        return rates;
    }

    /** Counts in the guestbooks of these servers how often each call id ran. */
    interface Guestbooks {
        Map<String, Integer> of(List<Part> servers);
    }

    /** @param restored when the last broken part was mended */
    private record Times(long begin, long restored, long end) {}

    private record Played(FaultInjector injector, Times times, OptionalLong avoided, OptionalLong usedAgain) {}

    private final Phases phases;
    private final Stack stack;
    private final Loads loads;
    private final RecoveryTimes recoveryTimes;
    private final Clock clock;
    private final Guestbooks guestbooks;

    Matrix(Phases phases, Stack stack, Loads loads, RecoveryTimes recoveryTimes, Guestbooks guestbooks) {
        this.phases = phases;
        this.stack = stack;
        this.loads = loads;
        this.recoveryTimes = recoveryTimes;
        this.clock = recoveryTimes.clock();
        this.guestbooks = guestbooks;
    }

    /** @throws RuntimeException if the row could not be played to its end; what can be mended has been mended */
    Result play(Fault fault) throws InterruptedException {
        Load load = loads.ready(fault.setting().callers());
        Played played;
        try (SlowServers servers = new SlowServers(
                stack, recoveryTimes.parts().servers(), fault.setting().slow())) {
            servers.begin();
            clock.sleep(SETTLING);
            played = play(fault, servers, load);
        }
        return result(fault, played, load.window(played.times.begin, played.times.end));
    }

    private Played play(Fault fault, Stack servers, Load load) throws InterruptedException {
        long begin = clock.micros();
        try (FaultInjector injector = new FaultInjector(servers, clock, recoveryTimes.parts())) {
            clock.sleep(phases.before);
            fault.script().play(injector);
            sleepUntil(begin + micros(phases.before.plus(phases.during)));
            OptionalLong avoided = recoveryTimes.avoided(injector);
            injector.mend();
            long restored = clock.micros();
            sleepUntil(begin + micros(phases.before.plus(phases.during).plus(phases.after)));
            Times times = new Times(begin, restored, clock.micros());
            return new Played(injector, times, avoided, recoveryTimes.usedAgain(injector, load.calls()));
        }
    }

    private Result result(Fault fault, Played played, Window window) {
        Overload overload = fault.goal().servedPerSecond() == 0
                ? Overload.NONE
                : Overload.of(
                        window,
                        fault.setting().callers(),
                        first(played.injector.brokenAt().values()),
                        first(played.injector.mendedAt().values()),
                        played.times.restored);
        Parts parts = recoveryTimes.parts();
        Map<String, Integer> runs = guestbooks.of(parts.booksAt());
        Set<String> secondaries = parts.secondaries().stream().map(Part::name).collect(Collectors.toSet());
        return new Result(
                fault,
                window.idempotent(),
                Signatures.of(window.ofKind(Kind.SIGN), runs),
                Signatures.of(window.ofKind(Kind.KEYED), runs),
                Fallbacks.of(window, secondaries),
                played.avoided,
                played.usedAgain,
                overload,
                new Recording(window, played.injector.spans(), played.times.begin, played.times.end));
    }

    private static long first(Collection<Long> times) {
        return times.stream().mapToLong(Long::longValue).min().orElseThrow();
    }

    private void sleepUntil(long micros) throws InterruptedException {
        clock.sleep(Duration.ofNanos(Math.max(0, micros - clock.micros()) * 1_000));
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }
}
