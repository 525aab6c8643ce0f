package io.middleware.chaos.demo;

import io.middleware.chaos.measure.GatewayDetectionTimes;
import io.middleware.chaos.measure.LoadProcess;
import io.middleware.chaos.measure.Loads;
import io.middleware.chaos.measure.RecoveryTimes;
import io.middleware.chaos.stack.Clock;
import io.middleware.chaos.stack.Parts;
import io.middleware.chaos.stack.PipedStack;
import io.middleware.chaos.stack.StackSize;
import io.middleware.load.Kind;
import io.middleware.load.PriorityShare;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code ./stack chaos}: plays acts that people watch. */
@Command(
        name = "demo",
        customSynopsis = "./stack chaos [--act NAME]... [--without] [--list] [--pause] [--lang LANGUAGE]",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = "Breaks parts of the running stack while calls go through it, and shows what callers notice.",
        footer = {
            "",
            "Exit codes: 0 no call was lost, 1 some were lost, 2 wrong use. Calls without the middleware do not count."
        })
public final class DemoCommand implements Callable<Integer> {

    /** Calls a second. */
    private static final int RATE = 100;

    private static final Map<Kind, Integer> RATES = Map.of(Kind.GRPC, RATE / 2, Kind.HTTP, RATE / 2);

    @Spec
    private CommandSpec spec;

    @Option(names = "--act", paramLabel = "NAME", description = "Plays only this act; may be given several times.")
    private List<String> names = List.of();

    @Option(names = "--list", description = "Lists the acts.")
    private boolean list;

    @Option(names = "--pause", description = "Waits for Enter before each act.")
    private boolean pause;

    @Option(
            names = "--without",
            description = "Lets a second client call the servers without the middleware, beside the first: a plain gRPC"
                    + " client with a fixed list of servers, in turn, without retries.")
    private boolean without;

    @Option(
            names = "--lang",
            paramLabel = "LANGUAGE",
            defaultValue = "en",
            description = "en or pt; default: ${DEFAULT-VALUE}.")
    private String language;

    @Option(names = "--live", hidden = true, description = "Columns of the terminal that standard error is.")
    private int columns;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter terminal = spec.commandLine().getErr();
        Texts texts = texts();
        List<Act> acts = acts();
        if (list) {
            PrintWriter out = spec.commandLine().getOut();
            acts.forEach(act -> out.println(String.format("%-12s %s", act.name(), texts.title(act))));
            return 0;
        }
        PipedStack stack = PipedStack.ofThisProcess();
        Parts parts = Parts.of(stack);
        StackSize.of(parts, "").require(2, 1, 1);
        Clock clock = Clock.system();
        try (Loads loads = new Loads(
                        callers -> LoadProcess.start(parts, RATES, callers, PriorityShare.ALL), clock, Duration.ZERO);
                Loads naive = new Loads(callers -> LoadProcess.without(parts, RATE), clock, Duration.ZERO)) {
            loads.ready(Loads.Callers.HEDGING);
            terminal.println(texts.of("intro", RATE));
            if (without) {
                terminal.println(texts.of("intro.without", RATE));
            }
            Demo.Options options = new Demo.Options(
                    columns, pause ? () -> awaitKey(terminal, texts, stack) : () -> {}, without ? naive : null);
            RecoveryTimes recoveryTimes = new RecoveryTimes(parts, new GatewayDetectionTimes(parts), clock);
            List<Verdict> verdicts = new Demo(stack, loads, recoveryTimes, texts, terminal, options).play(acts);
            terminal.println();
            terminal.print(new VerdictTable(texts).of(verdicts));
            terminal.println();
            terminal.println(texts.end(verdicts));
            if (without) {
                terminal.println(texts.of("without", texts.end(Verdict.without(verdicts))));
            }
            terminal.flush();
            stack.write("report.html", new DemoReport(texts, parts).of(verdicts));
            return verdicts.stream().allMatch(verdict -> verdict.lost() == 0) ? 0 : 1;
        }
    }

    private static void awaitKey(PrintWriter terminal, Texts texts, PipedStack stack) {
        terminal.println(texts.of("key"));
        terminal.flush();
        stack.awaitKey();
    }

    private Texts texts() {
        if (!List.of("en", "pt").contains(language)) {
            throw new ParameterException(spec.commandLine(), "--lang: expected en or pt, got '" + language + "'");
        }
        return new Texts(language);
    }

    private List<Act> acts() {
        if (names.isEmpty()) {
            return Acts.ALL;
        }
        return names.stream()
                .map(name -> Acts.ALL.stream()
                        .filter(act -> act.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new ParameterException(
                                spec.commandLine(),
                                "--act: expected one of "
                                        + Acts.ALL.stream().map(Act::name).collect(Collectors.joining(", ")) + ", got '"
                                        + name + "'")))
                .toList();
    }
}
