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

/** Greets with the generated stub. */
@Command(
        name = "hello",
        sortOptions = false,
        description = "Says hello, and prints the answer.",
        footer = {
            "",
            "Try:",
            "  ${COMMAND-FULL-NAME}                   one call, the answer is World",
            "  ${COMMAND-FULL-NAME} Hello Bonjour     one call for each greeting",
            "  ${COMMAND-FULL-NAME} -v                which server answered, through which gateway, how fast",
            "Kill a server in between and say hello again: the answer stays, only -v tells."
        })
final class HelloCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private ClientCommand client;

    @Parameters(
            paramLabel = "GREETING",
            defaultValue = "Hello",
            description = "What to say; ${DEFAULT-VALUE} when absent.")
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
