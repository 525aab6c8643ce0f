package io.middleware.load;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code ./stack load}: sends calls at a fixed rate, and prints the figures. */
@Command(
        name = "load",
        customSynopsis =
                "./stack load [--grpc RATE] [--http RATE] [--sign RATE] [--keyed RATE] [--for TIME] [OPTION]...",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description =
                "Sends calls at a fixed rate, whether or not earlier ones have ended, each timed from when it was due.",
        footer = {
            "",
            "Exit codes: 0 no call was lost, 1 some were lost, 2 wrong use, 3 less than 99 %% of the calls could be sent.",
            "",
            "Try:",
            "  ./stack load --grpc 150 --http 150 --for 20s"
        })
public final class LoadCommand implements Callable<Integer> {

    /** Least share of the planned calls: if fewer could be sent, the figures mean nothing. */
    public static final double ENOUGH = 0.99;

    /** Twice what a report draws. */
    private static final int MOST_ORDINARY = 200_000;

    private static final int MOST_UNUSUAL = 50_000;
    private static final int LOST = 1;
    private static final int TOO_SLOW = 3;
    private static final Duration GRACE = Duration.ofSeconds(2);

    @Spec
    private CommandSpec spec;

    @Mixin
    private final LoadOptions options = new LoadOptions();

    @Mixin
    private final ReportOptions reports = new ReportOptions();

    @Override
    public Integer call() throws IOException {
        Map<Kind, Double> rates = options.rates();
        reports.check(options.recordsToStandardOutput());
        Schedule schedule = new Schedule(rates, options.duration().toNanos());
        long planned = schedule.planned();
        Summary summary = new Summary(options.share());
        KeptDots dots = new KeptDots(reports.wanted() ? MOST_ORDINARY : 0, reports.wanted() ? MOST_UNUSUAL : 0);
        Pace pace = Pace.system();
        long begin = pace.micros();
        long sent;
        try (RecordLines lines = options.openRecords();
                Targets targets = options.connect(rates.keySet());
                Progress progress = showProgress()) {
            LoadRun run = new LoadRun(schedule, options.duration().toNanos(), targets.byKind(), pace, call -> {
                summary.add(call);
                dots.add(call);
                lines.add(call);
                progress.add(call);
            });
            lines.follow(run::settledMicros, Thread.currentThread()::interrupt);
            sent = run.send();
            awaitEnds(run);
            if (lines.failed()) {
                throw new IOException("The records could not be written.");
            }
        }
        if (reports.wanted()) {
            String command = "./stack load "
                    + rates.entrySet().stream()
                            .map(rate -> "--" + rate.getKey().name().toLowerCase(Locale.ROOT) + " "
                                    + BigDecimal.valueOf(rate.getValue())
                                            .stripTrailingZeros()
                                            .toPlainString())
                            .collect(Collectors.joining(" "))
                    + " --for "
                    + BigDecimal.valueOf(options.duration().toMillis(), 3)
                            .stripTrailingZeros()
                            .toPlainString() + "s";
            reports.write(new LoadReport(reports.language()).of(summary, dots, begin, options.duration(), command));
        }
        return print(summary, planned, sent);
    }

    /** Shows none where the records are on standard output: a program reads them, and reports itself. */
    private Progress showProgress() {
        return new Progress(
                options.recordsToStandardOutput()
                        ? new PrintWriter(Writer.nullWriter())
                        : spec.commandLine().getErr(),
                reports.columns(),
                options.duration());
    }

    private void awaitEnds(LoadRun run) {
        try {
            run.awaitEnds(options.deadline().plus(GRACE).toMillis());
        } catch (InterruptedException readerGone) {
            Thread.currentThread().interrupt();
        }
    }

    private int print(Summary summary, long planned, long sent) {
        PrintWriter out = options.recordsToStandardOutput() || reports.toStandardOutput()
                ? spec.commandLine().getErr()
                : spec.commandLine().getOut();
        out.print(summary);
        out.flush();
        long unended = sent - summary.calls();
        if (unended > 0) {
            out.println(unended + " calls had not ended " + GRACE.toSeconds() + " s after their deadline");
        }
        if (sent < planned * ENOUGH) {
            out.println("Only " + sent + " of " + planned + " calls could be sent in time: this machine is too slow.");
            return TOO_SLOW;
        }
        return summary.lost() + unended == 0 ? 0 : LOST;
    }
}
