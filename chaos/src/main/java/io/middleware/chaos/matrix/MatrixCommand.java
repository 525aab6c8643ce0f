package io.middleware.chaos.matrix;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import io.middleware.chaos.Clock;
import io.middleware.chaos.GatewayNotices;
import io.middleware.chaos.Parts;
import io.middleware.chaos.PipedStack;
import io.middleware.chaos.Stack;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Plays the matrix, and fails when something was lost or ran twice. */
@Command(
        name = "matrix",
        customSynopsis = "./stack chaos --matrix [--faults N,N...] [--short]",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = "Breaks each part in each way under load, and measures what the callers noticed.",
        footer = {"", "Exit codes: 0 all was played, nothing was lost and nothing ran twice; 1 else, 2 wrong use."})
public final class MatrixCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--faults", split = ",", paramLabel = "N", description = "Only these rows: 1,3,12 or 12b.")
    private List<String> rows = List.of();

    @Option(names = "--short", description = "10 s for each row instead of 20, to see whether anything is lost.")
    private boolean inShort;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter terminal = spec.commandLine().getErr();
        List<Fault> faults = faults();
        PipedStack stack = PipedStack.ofThisProcess();
        Parts parts = Parts.of(stack);
        List<Result> results = new ArrayList<>();
        List<String> unplayed = new ArrayList<>();
        Result normal;
        Matrix.Phases phases = inShort ? Matrix.Phases.SHORT : Matrix.Phases.FULL;
        try (Matrix matrix = new Matrix(phases, stack, parts, new GatewayNotices(parts), Clock.system())) {
            normal = matrix.play(Faults.NONE);
            MatrixReport soFar = new MatrixReport(normal, List.of());
            terminal.print(soFar.markdown());
            terminal.flush();
            for (Fault fault : faults) {
                try {
                    Result result = matrix.play(fault);
                    results.add(result);
                    terminal.print(soFar.row(result));
                } catch (Stack.StackException failed) {
                    unplayed.add(fault.id() + ", " + fault.what() + ", could not be played: " + failed.getMessage());
                }
                terminal.flush();
            }
        }
        MatrixReport report = new MatrixReport(normal, results);
        stack.write("matrix.md", report.markdown());
        stack.write("matrix.json", report.json());
        return tell(terminal, normal, results, unplayed);
    }

    private static int tell(PrintWriter terminal, Result normal, List<Result> results, List<String> unplayed) {
        List<Result> broken = new ArrayList<>(results);
        broken.add(normal);
        broken.removeIf(result -> !result.broken());
        terminal.println();
        for (Result result : broken) {
            terminal.println(result.fault().id() + ", " + result.fault().what() + ": "
                    + String.join("; ", result.shortOf(normal)));
            result.calls().lost().calls().stream().map(call -> "  " + call.kind() + " " + call.reply().error()).distinct()
                    .limit(5).forEach(terminal::println);
        }
        long late = results.stream().filter(result -> !result.broken() && !result.shortOf(normal).isEmpty()).count();
        terminal.println(broken.isEmpty() ? "Nothing was lost, and nothing ran twice." : "Something was lost or ran twice.");
        if (late > 0) {
            terminal.println(late + " of " + results.size() + " were short of another goal.");
        }
        unplayed.forEach(terminal::println);
        return broken.isEmpty() && unplayed.isEmpty() ? 0 : 1;
    }

    private List<Fault> faults() {
        if (rows.isEmpty()) {
            return Faults.ALL;
        }
        for (String row : rows) {
            if (Faults.ALL.stream().noneMatch(fault -> names(row, fault))) {
                throw new ParameterException(spec.commandLine(), "--faults: expected some of "
                        + String.join(",", Faults.ALL.stream().map(Fault::id).toList()) + ", got '" + row + "'");
            }
        }
        return Faults.ALL.stream().filter(fault -> rows.stream().anyMatch(row -> names(row, fault))).toList();
    }

    /** A number alone means all of that number, but for those with calls in flight. */
    private static boolean names(String row, Fault fault) {
        return row.equals(fault.id()) || row.equals(Integer.toString(fault.number())) && !fault.id().endsWith("w");
    }
}
