package io.middleware.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@link LoadCommand} for what people see. Invalid values become a {@link ParameterException}. */
final class ReportOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Writes a page with a timeline of the calls, as FILE.html; with - to standard output.")
    private @Nullable String file;

    @Option(
            names = "--lang",
            paramLabel = "LANGUAGE",
            defaultValue = "en",
            description = "Of the report, en or pt; default: ${DEFAULT-VALUE}.")
    private String language;

    @Option(
            names = "--live",
            hidden = true,
            defaultValue = "0",
            description = "Columns of the terminal that standard error is.")
    private int columns;

    int columns() {
        return columns;
    }

    String language() {
        return language;
    }

    boolean wanted() {
        return file != null;
    }

    boolean toStandardOutput() {
        return "-".equals(file);
    }

    /** Fails before a run, not after it, where the file could not be written. */
    void check(boolean outputTaken) {
        if (!List.of("en", "pt").contains(language)) {
            throw new ParameterException(spec.commandLine(), "--lang: expected en or pt, got '" + language + "'");
        }
        if (toStandardOutput() && outputTaken) {
            throw new ParameterException(
                    spec.commandLine(), "--report and --records: only one of them can be written to standard output");
        }
        if (file != null && !toStandardOutput()) {
            try {
                Files.writeString(Path.of(file), "");
            } catch (IOException unwritable) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--report: expected a file that can be written, got '" + file + "' ("
                                + unwritable.getClass().getSimpleName() + ")");
            }
        }
    }

    void write(String report) throws IOException {
        if (toStandardOutput()) {
            spec.commandLine().getOut().print(report);
            spec.commandLine().getOut().flush();
        } else if (file != null) {
            Files.writeString(Path.of(file), report, StandardCharsets.UTF_8);
            spec.commandLine().getErr().println("Written: " + Path.of(file).toAbsolutePath());
        }
    }
}
