package io.middleware.client.cli;

import com.google.common.base.Throwables;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.middleware.client.schema.SchemaException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Prints in one line on standard error what went wrong, and returns the exit code for it. */
final class Failures {

    private Failures() {}

    static int wrongUse(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        print(command, String.valueOf(e.getMessage()));
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }

    static int failed(Exception e, CommandLine command, ParseResult parsed) throws Exception {
        return switch (e) {
            case StatusRuntimeException failure -> callFailed(command, failure.getStatus());
            case StatusException failure -> callFailed(command, failure.getStatus());
            case SchemaException failure -> unusable(command, failure);
            case WrongUseException failure -> unusable(command, failure);
            case IOException failure -> unusable(command, failure);
            default -> throw e;
        };
    }

    static int callFailed(CommandLine command, Status status) {
        print(command, status.getCode() + ": " + explain(status));
        return ExitCode.SOFTWARE;
    }

    private static int unusable(CommandLine command, Exception e) {
        print(command, String.valueOf(e.getMessage()));
        return ExitCode.USAGE;
    }

    private static String explain(Status status) {
        String description = status.getDescription() == null ? "" : status.getDescription();
        List<Throwable> causes = Throwables.getCausalChain(status.asException());
        for (Throwable cause : causes) {
            if (cause instanceof ConnectException) {
                return "cannot connect: " + cause.getMessage()
                        + ". Start the stack, or name another target with --target";
            }
            if (cause instanceof UnknownHostException) {
                return description + ". Name another target with --target";
            }
        }
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED && description.contains("CallOptions")) {
            return "no response in time; --deadline allows more";
        }
        if (description.equals("http2 exception")) {
            return "the target does not speak gRPC (HTTP/2); is it the right port? --target names another";
        }
        if (!description.isEmpty() && !description.equals("io exception")) {
            return description;
        }
        return causes.size() == 1
                ? "no reason given"
                : String.valueOf(causes.getLast().getMessage());
    }

    private static void print(CommandLine command, String message) {
        PrintWriter err = command.getErr();
        String program = command.getCommandSpec().root().name();
        String prefix = command.getColorScheme().ansi().string("@|bold,red " + program + ":|@ ");
        // a server's message may contain line breaks or control characters of a terminal
        err.println(prefix + message.replaceAll("[\\s\\p{Cntrl}]+", " ").strip());
    }
}
