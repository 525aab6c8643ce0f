package io.middleware.chaos;

import io.middleware.chaos.demo.DemoCommand;
import io.middleware.chaos.matrix.MatrixCommand;
import io.middleware.chaos.prove.ProveCommand;
import io.middleware.load.LoadCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands of this jar. */
@Command(
        name = "chaos",
        subcommands = {DemoCommand.class, MatrixCommand.class, ProveCommand.class, LoadCommand.class})
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        // gRPC and Netty log failures that the commands report better
        LogManager.getLogManager().reset();
        System.exit(new CommandLine(new Main())
                .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    // a stack trace would help nobody who runs the command
                    command.getErr().println(failure.getMessage() == null ? failure.toString() : failure.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(args));
    }
}
