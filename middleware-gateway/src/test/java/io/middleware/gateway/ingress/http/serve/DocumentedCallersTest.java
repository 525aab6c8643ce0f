package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.StreamObserver;
import io.middleware.core.instance.Pool;
import io.middleware.hello.v1.GuestbookGrpc;
import io.middleware.hello.v1.SignRequest;
import io.middleware.hello.v1.Signature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lines of {@code callers.md} that send a key, as they stand there, where their language is installed. */
@Tag("slow")
@Timeout(180)
class DocumentedCallersTest {
    private static final Path PAGE = Path.of("..", "docs", "operations", "callers.md");
    private static final Metadata.Key<String> KEY =
            Metadata.Key.of("idempotency-key", Metadata.ASCII_STRING_MARSHALLER);
    private static final String GO = """
            package main

            import (
                "crypto/rand"
                "fmt"
                "io"
                "net/http"
                "strings"
            )

            func main() {
            LINES
                if err != nil {
                    panic(err)
                }
                body, _ := io.ReadAll(response.Body)
                fmt.Println(string(body))
            }
            """;

    private final Queue<String> keys = new ConcurrentLinkedQueue<>();
    private HttpGateway gateway;
    private Server server;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forPort(0)
                .addService(new Guestbook())
                .addService(ProtoReflectionServiceV1.newInstance())
                .intercept(new Keys())
                .build()
                .start();
        gateway =
                new HttpGateway().register(true, "hello-1", server.getPort(), Pool.PRIMARY, GuestbookGrpc.SERVICE_NAME);
        await().until(gateway.schemas()::settled);
    }

    @AfterEach
    void stop() {
        gateway.close();
        server.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({"sh, bash", "python, python3", "js, node", "go, go"})
    void lines_sendAKey_andGetTheResponse(String language, String program) throws Exception {
        assumeThat(installed(program)).as(program).isTrue();
        String lines = lines(language).replace("localhost:8080", "127.0.0.1:" + gateway.port());
        Path file = folder.resolve(
                switch (language) {
                    case "js" -> "lines.mjs";
                    case "go" -> "lines.go";
                    default -> "lines";
                });
        Files.writeString(file, language.equals("go") ? GO.replace("LINES", lines) : lines);
        List<String> command =
                language.equals("go") ? List.of("go", "run", file.toString()) : List.of(program, file.toString());

        assertThat(run(command)).contains("Ana");
        assertThat(keys).hasSize(1);
        assertThat(keys.peek()).matches("[0-9A-Za-z-]{20,40}");
    }

    private static String lines(String language) throws IOException {
        Matcher block = Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE));
        assertThat(block.find()).as("a block of %s in %s", language, PAGE).isTrue();
        return block.group(1);
    }

    private static boolean installed(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(150, TimeUnit.SECONDS);
        process.destroyForcibly();
        String said = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended).as(said).isTrue();
        return said;
    }

    private static final class Guestbook extends GuestbookGrpc.GuestbookImplBase {
        @Override
        public void sign(SignRequest request, StreamObserver<Signature> caller) {
            caller.onNext(Signature.newBuilder().setName(request.getName()).build());
            caller.onCompleted();
        }
    }

    private final class Keys implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            if (call.getMethodDescriptor().getFullMethodName().startsWith(GuestbookGrpc.SERVICE_NAME)) {
                keys.add(String.valueOf(headers.get(KEY)));
            }
            return next.startCall(call, headers);
        }
    }
}
