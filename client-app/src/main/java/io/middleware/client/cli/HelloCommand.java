package io.middleware.client.cli;

import io.grpc.StatusRuntimeException;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code hello}: greets with the generated stub. */
@Command(
        name = "hello",
        sortOptions = false,
        description = "Says hello, and prints the response.",
        footer = {
            "",
            "Try:",
            "  ${COMMAND-FULL-NAME}                   one call, which returns World",
            "  ${COMMAND-FULL-NAME} Hello Bonjour     one call for each greeting",
            "  ${COMMAND-FULL-NAME} -v                which server answered, through which gateway, how fast",
            "Kill a server and say hello again: the response is the same, and -v shows what happened."
        })
final class HelloCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private ClientCommand client;

    @Parameters(
            paramLabel = "GREETING",
            defaultValue = "Hello",
            description = "The greeting; default: ${DEFAULT-VALUE}.")
    private List<String> greetings;

    @Override
    public Integer call() {
        int exitCode = ExitCode.OK;
        try (var connection = client.connect()) {
            var hello = HelloServiceGrpc.newBlockingStub(client.channel(connection));
            for (String greeting : greetings) {
                try {
                    var request = HelloRequest.newBuilder().setMessage(greeting).build();
                    spec.commandLine().getOut().println(hello.sayHello(request).getMessage());
                } catch (StatusRuntimeException e) {
                    exitCode = Failures.callFailed(spec.commandLine(), e.getStatus());
                }
            }
        }
        return exitCode;
    }
}
