package io.middleware.load;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sends calls at a fixed rate and tells what became of them. */
@Command(
        name = "load",
        customSynopsis = "./stack load [--grpc RATE] [--http RATE] [--sign RATE] [--for TIME] [OPTION]...",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description =
                "Sends calls at a fixed rate, whether or not earlier ones were answered, each timed from when it was due.",
        footer = {
            "",
            "Exit codes: 0 none was lost, 1 some were, 2 wrong use, 3 less than 99 %% of the plan could be sent.",
            "",
            "Try:",
            "  ./stack load --grpc 150 --http 150 --for 20s"
        })
public final class LoadCommand implements Callable<Integer> {

    /** Where a smaller part of the plan could be sent, the figures mean nothing. */
    public static final double ENOUGH = 0.99;

    private static final int LOST = 1;
    private static final int TOO_SLOW = 3;
    private static final double FASTEST = 100_000;
    private static final int MOST_CONNECTIONS = 1_000;
    private static final Duration GRACE = Duration.ofSeconds(2);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--grpc",
            paramLabel = "RATE",
            defaultValue = "0",
            description = "SayHello by gRPC, calls a second.")
    private double grpc;

    @Option(names = "--http", paramLabel = "RATE", defaultValue = "0", description = "GET /hello, calls a second.")
    private double http;

    @Option(
            names = "--sign",
            paramLabel = "RATE",
            defaultValue = "0",
            description = "Guestbook/Sign by gRPC, calls a second; these may not be repeated.")
    private double sign;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How long, such as 500ms, 20s or 2m; ${DEFAULT-VALUE} when absent.")
    private Duration duration;

    @Option(
            names = "--target",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:MIDDLEWARE_TARGET:-127.0.0.1:9090}",
            description = "The gRPC port. Without it: $MIDDLEWARE_TARGET, else 127.0.0.1:9090.")
    private String target;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:MIDDLEWARE_URL:-http://127.0.0.1:8080}",
            description = "The HTTP address. Without it: $MIDDLEWARE_URL, else http://127.0.0.1:8080.")
    private String url;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Over how many connections gRPC calls are spread; ${DEFAULT-VALUE} when absent. HTTP takes as many as it needs.")
    private int connections;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            defaultValue = "15s",
            converter = DurationConverter.class,
            description = "How long a call may take; ${DEFAULT-VALUE} when absent.")
    private Duration deadline;

    @Option(
            names = "--hedging",
            description = "gRPC with the project's own client, which asks another gateway when one is silent.")
    private boolean hedging;

    @Option(
            names = "--records",
            paramLabel = "FILE",
            description =
                    "A line for each call as it ends; - is standard output, and the summary goes to standard error.")
    private @Nullable String records;

    @Override
    public Integer call() throws IOException {
        Map<Kind, Double> rates = rates();
        Schedule schedule = new Schedule(rates, duration.toNanos());
        long planned = schedule.planned();
        Summary summary = new Summary();
        long sent;
        try (RecordLines lines = records();
                Targets targets = targets(rates)) {
            LoadRun run = new LoadRun(schedule, duration.toNanos(), targets.byKind(), Pace.system(), call -> {
                summary.add(call);
                lines.add(call);
            });
            lines.follow(run::settledMicros, Thread.currentThread()::interrupt);
            sent = run.send();
            awaitEnds(run);
            if (lines.failed()) {
                throw new IOException("The records could not be written.");
            }
        }
        return tell(summary, planned, sent);
    }

    private RecordLines records() {
        try {
            return RecordLines.to(records);
        } catch (IOException unwritable) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--records: expected a file that can be written, got '" + records + "' ("
                            + unwritable.getClass().getSimpleName() + ")");
        }
    }

    private void awaitEnds(LoadRun run) {
        try {
            run.awaitEnds(deadline.plus(GRACE).toMillis());
        } catch (InterruptedException unread) {
            Thread.currentThread().interrupt();
        }
    }

    private int tell(Summary summary, long planned, long sent) {
        PrintWriter out = "-".equals(records)
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

    private Map<Kind, Double> rates() {
        Map<Kind, Double> rates = new EnumMap<>(Kind.class);
        rates.put(Kind.GRPC, grpc);
        rates.put(Kind.HTTP, http);
        rates.put(Kind.SIGN, sign);
        for (double rate : rates.values()) {
            if (!(rate >= 0 && rate <= FASTEST)) {
                throw new ParameterException(
                        spec.commandLine(), "a rate is expected to be 0 to 100000 calls a second, was " + rate);
            }
        }
        rates.values().removeIf(rate -> rate == 0);
        if (rates.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "nothing to send: expected --grpc, --http or --sign");
        }
        return rates;
    }

    private Targets targets(Map<Kind, Double> rates) {
        if (connections < 1 || connections > MOST_CONNECTIONS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--connections is expected to be 1 to " + MOST_CONNECTIONS + ", was " + connections);
        }
        try {
            return new Targets(rates.keySet(), target, url, hedging, deadline, connections);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(
                    spec.commandLine(),
                    "expected --target HOST:PORT and --url http://HOST:PORT: " + wrong.getMessage());
        }
    }
}
