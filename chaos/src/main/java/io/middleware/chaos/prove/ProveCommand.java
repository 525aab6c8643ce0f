package io.middleware.chaos.prove;

import io.middleware.chaos.prove.book.ExecutionBooks;
import io.middleware.chaos.prove.history.JsonLines;
import io.middleware.chaos.prove.report.ProofPage;
import io.middleware.chaos.prove.report.ProofText;
import io.middleware.chaos.prove.report.Texts;
import io.middleware.chaos.prove.workload.Calls;
import io.middleware.chaos.prove.workload.Workload;
import io.middleware.chaos.stack.Clock;
import io.middleware.chaos.stack.Part;
import io.middleware.chaos.stack.Parts;
import io.middleware.chaos.stack.PipedStack;
import io.middleware.load.DurationConverter;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code ./stack prove}. */
@Command(
        name = "prove",
        customSynopsis = {
            "./stack prove [--for TIME] [--rate N] [--seed N] [--faults NAME,NAME...] [--no-keys] [--lang LANGUAGE]",
            "              [--method SERVICE/METHOD --data JSON] [--books URL,URL...]",
            "              [--sabotage NAME] [--clocks OFFSET,OFFSET...]"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description =
                "Makes calls that change something while parts fail, and compares what callers were told with what"
                        + " servers executed.",
        footer = {
            "",
            "--sabotage NAME: with a stack whose gateways or servers lie, to see that the proof fails: retry-all,"
                    + " forget-tried, lie-unsent, doubt-unsent, drop-key, drop-key-on-retry, another-response, run-unasked or"
                    + " answer-before-commit.",
            "--clocks +1d,-1h: with a stack of its own whose servers' clocks are so wrong, in turn.",
            "Exit codes: 0 nothing ran twice, nothing that was acknowledged is missing, no caller was told anything wrong;"
                    + " 1 otherwise; 2 wrong use."
        })
public final class ProveCommand implements Callable<Integer> {

    private static final int MOST_SEED = 100_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = DurationConverter.class,
            description = "How long; default: ${DEFAULT-VALUE}.")
    private Duration time;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "100",
            description = "Calls a second, without repeats; default: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Gives the same calls and faults again. Without it: one by chance, which is printed.")
    private @Nullable Long seed;

    @Option(
            names = "--faults",
            split = ",",
            paramLabel = "NAME",
            description = "Only these: kill, freeze, stop or flaky (of a server), gateway, consul, database; or none.")
    private List<String> faults = List.of();

    @Option(names = "--no-keys", description = "No calls with idempotency keys: for servers that do not honour them.")
    private boolean noKeys;

    @Option(
            names = "--method",
            paramLabel = "SERVICE/METHOD",
            description = "A unary method of a service of your own, without idempotency_level, that records what it"
                    + " executes: middleware.executions.record=true. Without it: the guestbook's.")
    private @Nullable String method;

    @Option(
            names = "--data",
            paramLabel = "JSON",
            defaultValue = "{}",
            description = "Its request, in which $ID stands for something new each time; default: ${DEFAULT-VALUE}.")
    private String data;

    @Option(
            names = "--books",
            split = ",",
            paramLabel = "URL",
            description = "The management ports of the servers that execute it. Without it: those of the stack.")
    private List<URI> books = List.of();

    @Option(
            names = "--lang",
            paramLabel = "LANGUAGE",
            defaultValue = "en",
            description = "en or pt; default: ${DEFAULT-VALUE}.")
    private String language;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter terminal = spec.commandLine().getErr();
        if (!List.of("en", "pt").contains(language)) {
            throw wrong("--lang: expected en or pt, got '" + language + "'");
        }
        if (rate < 1 || rate > 1_000) {
            throw wrong("--rate: expected 1 to 1000, got " + rate);
        }
        Texts texts = new Texts(language);
        PipedStack stack = PipedStack.ofThisProcess();
        Parts parts = Parts.of(stack);
        Clock clock = Clock.system();
        Prover.Run run = run(parts, clock);
        terminal.println(texts.of("intro", rate, time.toSeconds(), run.method(), Long.toString(run.seed())));
        terminal.flush();
        Prover.Proof proof;
        try (Workload workload = Workload.through(parts.nginx(), run.name(), calls(), clock, run.seed())) {
            proof = new Prover(stack, parts, clock).prove(run, workload, (fault, part) -> {
                terminal.println(texts.of("fault." + fault, part));
                terminal.flush();
            });
        }
        terminal.println();
        terminal.print(ProofText.of(proof.judgement(), proof.faults().size(), texts));
        terminal.flush();
        stack.write("prove-history.jsonl", JsonLines.of(proof.history().submissions()));
        stack.write("prove-executions.jsonl", JsonLines.of(proof.books()));
        stack.write(
                "prove.html",
                ProofPage.of(
                        proof.history(),
                        proof.faults(),
                        proof.judgement(),
                        parts.servers().stream().map(Part::name).toList(),
                        texts.of("page.subtitle", Long.toString(run.seed()), time.toSeconds()),
                        texts));
        return proof.judgement().proved() ? 0 : 1;
    }

    private Prover.Run run(Parts parts, Clock clock) {
        long used = seed == null ? ThreadLocalRandom.current().nextLong(MOST_SEED) : seed;
        String name = "prove-" + Long.toString(clock.micros() / 1_000, Character.MAX_RADIX) + "-";
        List<URI> servers = books.isEmpty() ? ExecutionBooks.of(parts.servers()) : books;
        return new Prover.Run(name, calls().method(), time, rate, faults(parts), used, servers);
    }

    private Calls calls() {
        return method == null ? Calls.ofTheDemo(!noKeys) : new Calls(method, data, "", !noKeys);
    }

    private List<Fault> faults(Parts parts) {
        if (faults.equals(List.of("none"))) {
            return List.of();
        }
        for (String name : faults) {
            if (Arrays.stream(Fault.values())
                    .noneMatch(fault -> fault.toString().equals(name))) {
                throw wrong("--faults: expected none or some of "
                        + Arrays.stream(Fault.values()).map(Fault::toString).collect(Collectors.joining(","))
                        + ", got '"
                        + name.toLowerCase(Locale.ROOT) + "'");
            }
        }
        return Arrays.stream(Fault.values())
                .filter(fault -> faults.isEmpty() || faults.contains(fault.toString()))
                .filter(fault -> fault.isPossible(parts))
                .toList();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
