package io.middleware.chaos.demo;

import io.middleware.chaos.measure.Calls;
import io.middleware.chaos.measure.Load;
import io.middleware.chaos.measure.Loads;
import io.middleware.chaos.measure.Recording;
import io.middleware.chaos.measure.RecoveryTimes;
import io.middleware.chaos.measure.Window;
import io.middleware.chaos.stack.Clock;
import io.middleware.chaos.stack.FaultInjector;
import io.middleware.chaos.stack.FaultSpan;
import io.middleware.chaos.stack.Stack;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Plays acts under load, and prints for each what callers noticed. */
final class Demo {

    private static final Duration CALM = Duration.ofSeconds(1);
    private static final int MOST_REASONS = 3;

    private final Stack stack;
    private final Loads loads;
    private final RecoveryTimes recoveryTimes;
    private final Clock clock;
    private final Texts texts;
    private final PrintWriter terminal;
    private final Options options;

    /**
     * @param columns width of the terminal on which a live line is shown during an act; 0 where there is no terminal
     * @param curtain returns when the next act may begin
     * @param without calls without the middleware, beside the others; null for none
     */
    record Options(int columns, Curtain curtain, @Nullable Loads without) {}

    interface Curtain {
        void rises() throws InterruptedException;
    }

    Demo(Stack stack, Loads loads, RecoveryTimes recoveryTimes, Texts texts, PrintWriter terminal, Options options) {
        this.stack = stack;
        this.loads = loads;
        this.recoveryTimes = recoveryTimes;
        this.clock = recoveryTimes.clock();
        this.texts = texts;
        this.terminal = terminal;
        this.options = options;
    }

    List<Verdict> play(List<Act> acts) throws InterruptedException {
        List<Verdict> verdicts = new ArrayList<>();
        for (Act act : acts) {
            terminal.println();
            terminal.println(texts.of("act", verdicts.size() + 1, acts.size(), texts.title(act)));
            terminal.println("  " + texts.explanation(act));
            terminal.flush();
            options.curtain.rises();
            // while people read, the last load may have ended
            Load without = options.without == null ? null : options.without.ready(Loads.Callers.PLAIN);
            Verdict verdict = play(act, loads.ready(Loads.Callers.HEDGING), without);
            verdicts.add(verdict);
            terminal.println("  " + texts.verdict(verdict));
            tellReasons(verdict);
            verdict.without().ifPresent(naive -> {
                terminal.println("  " + texts.of("without", texts.verdict(naive)));
                tellReasons(naive);
            });
            terminal.flush();
        }
        return verdicts;
    }

    private void tellReasons(Verdict verdict) {
        verdict.window().lostBecause(MOST_REASONS).forEach(reason -> terminal.println("    " + reason));
    }

    private Verdict play(Act act, Load load, @Nullable Load without) throws InterruptedException {
        Calls calls = load.calls();
        long begin = clock.micros();
        LiveLine live = options.columns == 0
                ? null
                : new LiveLine(
                        terminal, options.columns, texts, clock, () -> new Window(calls.due(begin, Long.MAX_VALUE)));
        OptionalLong noticed;
        OptionalLong back;
        OptionalLong backWithout = OptionalLong.empty();
        FaultInjector injector = new FaultInjector(stack, clock, recoveryTimes.parts());
        try (injector) {
            clock.sleep(CALM);
            act.script().play(injector);
            noticed = recoveryTimes.avoided(injector);
            back = recoveryTimes.usedAgain(injector, calls);
            if (without != null) {
                backWithout = recoveryTimes.ofServers().usedAgain(injector, without.calls());
            }
            clock.sleep(CALM);
        } finally {
            if (live != null) {
                live.stop();
            }
        }
        long end = clock.micros();
        List<FaultSpan> faults = injector.spans();
        Recording recording = new Recording(load.window(begin, end), faults, begin, end);
        if (without == null) {
            return new Verdict(act, recording, noticed, back, Optional.empty());
        }
        Recording naive = new Recording(without.window(begin, end), faults, begin, end);
        return new Verdict(
                act,
                recording,
                noticed,
                back,
                Optional.of(new Verdict(act, naive, OptionalLong.empty(), backWithout, Optional.empty())));
    }
}
