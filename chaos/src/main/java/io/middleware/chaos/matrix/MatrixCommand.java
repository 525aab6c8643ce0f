package io.middleware.chaos.matrix;

import io.middleware.chaos.measure.GatewayDetectionTimes;
import io.middleware.chaos.measure.Load;
import io.middleware.chaos.measure.LoadProcess;
import io.middleware.chaos.measure.Loads;
import io.middleware.chaos.measure.Loads.Callers;
import io.middleware.chaos.measure.RecoveryTimes;
import io.middleware.chaos.stack.Clock;
import io.middleware.chaos.stack.Parts;
import io.middleware.chaos.stack.PipedStack;
import io.middleware.chaos.stack.Stack;
import io.middleware.chaos.stack.StackSize;
import io.middleware.load.PriorityShare;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the matrix, and fails when a call was lost or ran twice. */
@Command(
        name = "matrix",
        customSynopsis = "./stack chaos --matrix [--faults N,N...] [--short] [--lang LANGUAGE]",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = "Breaks each part in each way under load, and measures what callers notice.",
        footer = {
            "",
            "Exit codes: 0 no call was lost, none ran twice, and all rows that this machine allows were run; 1 otherwise; 2 wrong use."
        })
public final class MatrixCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--faults", split = ",", paramLabel = "N", description = "Only these rows: 1,3,12 or 12b.")
    private List<String> rows = List.of();

    @Option(names = "--short", description = "10 s for each row instead of 20, enough to see whether calls are lost.")
    private boolean inShort;

    @Option(
            names = "--lang",
            paramLabel = "LANGUAGE",
            defaultValue = "en",
            description = "Of the report.html: en or pt; default: ${DEFAULT-VALUE}.")
    private String language;

    @Option(names = "--work", hidden = true, defaultValue = "", description = "HELLO_WORK of the stack.")
    private String work;

    @Option(
            names = "--rules",
            hidden = true,
            defaultValue = "",
            description = "MIDDLEWARE_SECURITY_RULES of the stack.")
    private String rules;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter terminal = spec.commandLine().getErr();
        List<Fault> faults = faults();
        if (!List.of("en", "pt").contains(language)) {
            throw new ParameterException(spec.commandLine(), "--lang: expected en or pt, got '" + language + "'");
        }
        PipedStack stack = PipedStack.ofThisProcess();
        Parts parts = Parts.of(stack);
        StackSize size = StackSize.of(parts, work);
        size.require(2, 3, 1);
        Matrix.Phases phases = inShort ? Matrix.Phases.SHORT : Matrix.Phases.FULL;
        Clock clock = Clock.system();
        RecoveryTimes recoveryTimes = new RecoveryTimes(parts, new GatewayDetectionTimes(parts), clock);
        MatrixReport report;
        try (Loads loads = new Loads(callers -> load(parts, callers), clock, phases.warmUp())) {
            Matrix matrix = new Matrix(phases, stack, loads, recoveryTimes, Signatures::readGuestbooks);
            Result normal = matrix.play(Faults.NONE);
            MatrixReport soFar = new MatrixReport(normal, List.of(), size.differences());
            print(terminal, soFar.markdown());
            List<Row> rows =
                    new Series(matrix::play, stack::putBack).play(faults, row -> print(terminal, soFar.row(row)));
            report = new MatrixReport(normal, rows, size.differences());
        }
        stack.write("matrix.md", report.markdown());
        stack.write("matrix.json", report.json());
        stack.write("report.html", new MatrixPage(report, new Texts(language), parts).text());
        Verdict verdict = new Verdict(report);
        print(terminal, "\n" + verdict.text());
        return verdict.good() ? 0 : 1;
    }

    /** Where rules may make all calls critical, those of most rows ask to be as usual. */
    private Load load(Parts parts, Callers callers) {
        if (rules.isEmpty() && callers.critical() > 0) {
            throw new Stack.NotPossibleException("no rules make calls critical. With rules, as processes: "
                    + "HELLO_WORK=2ms MIDDLEWARE_SECURITY_RULES=$PWD/chaos/rules.yaml ./stack up --local");
        }
        PriorityShare share = callers.critical() > 0
                ? new PriorityShare(callers.critical())
                : rules.isEmpty() ? PriorityShare.ALL : PriorityShare.ALL_NORMAL;
        return LoadProcess.start(parts, Matrix.rates(parts), callers, share);
    }

    private static void print(PrintWriter terminal, String text) {
        terminal.print(text);
        terminal.flush();
    }

    private List<Fault> faults() {
        if (rows.isEmpty()) {
            return Faults.ALL;
        }
        for (String row : rows) {
            if (Faults.ALL.stream().noneMatch(fault -> names(row, fault))) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--faults: expected some of "
                                + String.join(
                                        ",", Faults.ALL.stream().map(Fault::id).toList()) + ", got '" + row + "'");
            }
        }
        return Faults.ALL.stream()
                .filter(fault -> rows.stream().anyMatch(row -> names(row, fault)))
                .toList();
    }

    /**
     * Returns whether the argument selects the fault. A number alone selects all its rows, except those with calls of
     * 50 ms.
     */
    private static boolean names(String row, Fault fault) {
        return row.equals(fault.id())
                || row.equals(Integer.toString(fault.number())) && !fault.id().endsWith("w");
    }
}
