package io.middleware.client.cli;

import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;
import picocli.CommandLine;

/** Starts the command line. Exits with 0 (all calls were answered), 1 (a call failed) or 2 (wrong use). */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        // gRPC and Netty log failures that the commands report better
        LogManager.getLogManager().reset();
        System.exit(commandLine(name(), System.in)
                .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .execute(args));
    }

    /** @param name the command by which the user started this program, for its help */
    static CommandLine commandLine(String name, InputStream in) {
        return new CommandLine(new ClientCommand(in))
                .setCommandName(name)
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler(Failures::wrongUse)
                .setExecutionExceptionHandler(Failures::failed);
    }

    private static String name() {
        String name = System.getProperty("middleware.client.name", System.getenv("MIDDLEWARE_CLIENT_NAME"));
        return name == null || name.isBlank() ? "client" : name;
    }
}
