package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.CodedOutputStream;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.ServerCalls;
import io.middleware.gateway.StreamedLines;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.gateway.library.v1.LibraryGrpc;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway with little memory as a process, and bodies of few bytes that become many objects. */
@Tag("slow")
class SmallHeapTest {
    private static final int MB = 1 << 20;
    private static final String ECHO = "/library.v1.Library/Echo";
    private static final String SEARCH = "/library.v1.Library/SearchBooks";

    private final HttpClient client = HttpClient.newHttpClient();
    private Process gateway;
    private URI address;

    @AfterEach
    void stop() {
        client.shutdownNow();
        gateway.destroyForcibly();
    }

    @ParameterizedTest
    @ValueSource(strings = {"64m", "256m"})
    void numbersByTheMillion_areRefused_andOthersSucceedMeanwhile(String heap) throws Exception {
        try (LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance())) {
            start(heap, library.port());
            String numbers = "0,".repeat(8 * MB - 20) + "0";
            List<CompletableFuture<HttpResponse<String>>> bombs = IntStream.range(0, 3)
                    .mapToObj(i -> send(SEARCH, "{\"ids\":[" + numbers + "]}"))
                    .toList();
            assertOthersSucceedUntil(bombs);

            assertThat(bombs)
                    .allSatisfy(bomb -> assertThat(bomb.join().statusCode()).isEqualTo(429));
            assertThat(bombs.getFirst().join().body()).contains("resource_exhausted", "expected: at most");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"attributes\":{\"a\":[%s0]}}|0,",
                "{\"tags\":[%s\"\"]}|\"\",",
                "{\"author\":{\"friends\":[%s{}]}}|{},",
                "{\"title\":\"世%s\"}|a"
            })
    void sixBodiesOfMegabytesAtOnce_succeedOrAreRefused(String form) throws Exception {
        String[] parts = form.split("\\|");
        try (LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance())) {
            start("64m", library.port());
            for (int size : new int[] {MB / 16, MB, 4 * MB}) {
                String body = parts[0].formatted(parts[1].repeat(size / parts[1].length()));
                List<CompletableFuture<HttpResponse<String>>> calls =
                        IntStream.range(0, 6).mapToObj(i -> send(ECHO, body)).toList();
                assertOthersSucceedUntil(calls);
                assertThat(calls)
                        .as("%d bytes", size)
                        .allSatisfy(call -> assertThat(call.join().statusCode()).isIn(200, 429));
                if (size == MB / 16) {
                    assertThat(calls)
                            .allSatisfy(
                                    call -> assertThat(call.join().statusCode()).isEqualTo(200));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 200_000_000})
    void unknownFields_byTheMillion_areNoReasonToEnd(int numbers) throws Exception {
        byte[] reply = unknownFields(numbers);
        Server server = NettyServerBuilder.forPort(0)
                .addService(echoing(reply))
                .addService(ProtoReflectionServiceV1.newInstance())
                .build()
                .start();
        try {
            start("256m", server.getPort());
            List<CompletableFuture<HttpResponse<String>>> calls =
                    IntStream.range(0, 3).mapToObj(i -> send(ECHO, "{}")).toList();
            calls.forEach(CompletableFuture::join);
            assertThat(calls)
                    .allSatisfy(call -> assertThat(call.join().statusCode()).isIn(200, 429));
            assertThat(gateway.isAlive()).isTrue();
        } finally {
            server.shutdownNow();
        }
    }

    private void assertOthersSucceedUntil(List<CompletableFuture<HttpResponse<String>>> calls) throws Exception {
        CompletableFuture<Void> all =
                CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).orTimeout(60, TimeUnit.SECONDS);
        do {
            assertThat(send(ECHO, "{\"title\":\"small\"}")
                            .get(10, TimeUnit.SECONDS)
                            .body())
                    .isEqualTo("{\"title\":\"small\"}");
        } while (!all.isDone());
        all.join();
        assertThat(gateway.isAlive()).isTrue();
    }

    private CompletableFuture<HttpResponse<String>> send(String path, String json) {
        return client.sendAsync(
                HttpRequest.newBuilder(address.resolve(path))
                        .version(HttpClient.Version.HTTP_1_1)
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofSeconds(60))
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    private void start(String heap, int port) throws IOException {
        gateway = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap,
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallGateway.class.getName(),
                        Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = gateway.inputReader();
        String line = said.readLine();
        while (line != null && !line.startsWith("port ")) {
            line = said.readLine();
        }
        assertThat(line).as("the port of the gateway").isNotNull();
        address = URI.create("http://127.0.0.1:" + line.substring(5));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> send(SEARCH, "{}").get(10, TimeUnit.SECONDS).statusCode() != 503);
        StreamedLines.read(said.lines(), System.out::println);
    }

    /** 15 MB of varints under this many numbers that no field of a book has. */
    private static byte[] unknownFields(int numbers) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(15 * MB);
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        for (int i = 0; out.getTotalBytesWritten() < 15 * MB; i++) {
            out.writeUInt32(1000 + (int) (i * 97L % numbers), 1);
        }
        out.flush();
        return bytes.toByteArray();
    }

    private static ServerServiceDefinition echoing(byte[] reply) {
        ServiceDescriptor known = LibraryGrpc.getServiceDescriptor();
        MethodDescriptor<byte[], byte[]> echo =
                LibraryGrpc.getEchoMethod().toBuilder(new Bytes(), new Bytes()).build();
        return ServerServiceDefinition.builder(ServiceDescriptor.newBuilder(known.getName())
                        .setSchemaDescriptor(known.getSchemaDescriptor())
                        .addMethod(echo)
                        .build())
                .addMethod(echo, ServerCalls.asyncUnaryCall((request, response) -> {
                    response.onNext(reply);
                    response.onCompleted();
                }))
                .build();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
