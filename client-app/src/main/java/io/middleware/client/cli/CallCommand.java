package io.middleware.client.cli;

import com.google.protobuf.DynamicMessage;
import io.grpc.StatusException;
import io.middleware.client.MiddlewareClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code call}: calls any method of any service with JSON. */
@Command(
        name = "call",
        sortOptions = false,
        description = "Calls a method with JSON, and prints its responses, one JSON a line.",
        footer = {
            "",
            "The description of the service comes from --proto-set if given, else from what is compiled in",
            "(hello.v1.HelloService), else from the target by server reflection.",
            "",
            "Try:",
            "  ${COMMAND-FULL-NAME} hello.v1.HelloService/SayHello '{\"message\":\"Hello\"}'",
            "  echo '{\"message\":\"Hello\"}' | ${COMMAND-FULL-NAME} hello.v1.HelloService/SayHello -",
            "  ${COMMAND-FULL-NAME} hello.v1.HelloService/SayHelloEverywhere",
            "  ${COMMAND-FULL-NAME} hello.v1.HelloService/Converse '{\"message\":\"Hello\"}' '{\"message\":\"Hola\"}'",
            "  protoc --include_imports --descriptor_set_out=shop.pb shop.proto",
            "  ${COMMAND-FULL-NAME} --proto-set shop.pb shop.v1.Shop/Buy '{\"item\":\"tea\"}'"
        })
final class CallCommand implements Callable<Integer> {

    private static final String STANDARD_INPUT = "-";

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private ClientCommand client;

    @Parameters(
            index = "0",
            paramLabel = "SERVICE/METHOD",
            converter = MethodName.Converter.class,
            description = "The method by its full name, such as hello.v1.HelloService/SayHello.")
    private MethodName name;

    @Parameters(
            index = "1..*",
            paramLabel = "JSON",
            description = "The request message; default: {}. A client stream takes several. "
                    + "- reads standard input: one message, or for a client stream one on each line.")
    private List<String> messages = List.of();

    @Option(
            names = "--proto-set",
            paramLabel = "FILE",
            description = "Describes the service: the output of protoc --include_imports --descriptor_set_out=FILE.")
    private @Nullable Path protoSet;

    @Override
    public Integer call() throws StatusException, IOException, InterruptedException {
        try (MiddlewareClient connection = client.connect()) {
            MethodFinder finder = new MethodFinder(client.target(), protoSet, client.quietChannel(connection));
            JsonMethod method = new JsonMethod(finder.find(name));
            var call = new JsonCall(method, spec.commandLine().getOut(), client.channel(connection));
            if (method.takesOneMessage()) {
                call.run(message(method));
            } else {
                call.run(messages(method));
            }
            return ExitCode.OK;
        }
    }

    private DynamicMessage message(JsonMethod method) throws IOException {
        if (messages.size() > 1) {
            throw new WrongUseException(name + " takes one message, got " + messages.size());
        }
        return method.parse(
                fromInput()
                        ? new String(client.in().readAllBytes(), StandardCharsets.UTF_8)
                        : messages.stream().findFirst().orElse("{}"));
    }

    private Stream<DynamicMessage> messages(JsonMethod method) {
        if (messages.isEmpty()) {
            throw new WrongUseException(
                    name + " takes a stream of messages: expected JSON arguments, or - for lines of standard input");
        }
        return fromInput()
                ? lines().filter(line -> !line.isBlank()).map(method::parse)
                // parsed all at once, so that nothing is sent when one is invalid
                : messages.stream().map(method::parse).toList().stream();
    }

    private boolean fromInput() {
        return messages.equals(List.of(STANDARD_INPUT));
    }

    private Stream<String> lines() {
        return new BufferedReader(new InputStreamReader(client.in(), StandardCharsets.UTF_8)).lines();
    }
}
