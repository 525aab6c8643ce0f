package io.middleware.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.middleware.hello.v1.HelloRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The calls of the demo by every protocol, of each kind that it has. The callers retry nothing. */
final class HelloCalls implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Executor LATER = CompletableFuture.delayedExecutor(150, TimeUnit.MILLISECONDS);
    private static final List<String> WORLD = List.of("World");
    private static final List<String> WORLDS =
            List.of("World", "Mundo", "Monde", "Welt", "Mondo", "Världen", "Świecie");
    private static final List<String> TOGETHER = List.of("World, Mundo");
    private static final String SERVICE = "/hello.v1.HelloService/";
    private static final String NDJSON = "application/x-ndjson";
    private static final String CONNECT_PROTO = "application/connect+proto";
    private static final byte[] JSON_OF_HELLO = "{}".getBytes(UTF_8);
    private static final byte[] JSON_OF_HOLA = "{\"message\":\"Hola\"}".getBytes(UTF_8);
    private static final byte[] HOLA =
            HelloRequest.newBuilder().setMessage("Hola").build().toByteArray();
    private static final byte[] HELLO = {}; // which an empty message counts as

    private final GrpcCalls grpc = new GrpcCalls(LATER);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * A way to call.
     *
     * @param expected    the replies
     * @param mayBreakOff whether the replies are a stream: one that has begun cannot move to another server
     */
    record Way(String name, List<String> expected, boolean mayBreakOff, Supplier<CompletableFuture<Received>> call) {
        /** Returns whether it lasts so long that some must be in the middle when a server is killed. */
        boolean isLong() {
            return expected.equals(WORLDS);
        }
    }

    List<Way> all() {
        List<Way> ways = new ArrayList<>();
        ways.add(new Way("gRPC", WORLD, false, grpc::unary));
        ways.add(new Way("gRPC server stream", WORLDS, true, grpc::serverStream));
        ways.add(new Way("gRPC client stream", TOGETHER, false, grpc::clientStream));
        ways.add(new Way("gRPC conversation", List.of("World", "Mundo"), true, grpc::conversation));
        ways.add(unary("JSON GET", get("/hello")));
        ways.add(unary("JSON POST", post("SayHello", "application/json", JSON_OF_HELLO)));
        ways.add(unary("Connect GET", get(SERVICE + "SayHello?connect=v1&encoding=json&message=%7B%7D")));
        ways.add(unary("Connect POST", post("SayHello", "application/proto", HELLO)));
        ways.add(unary("gRPC-Web", post("SayHello", "application/grpc-web+proto", envelope(HELLO))));
        ways.add(stream("NDJSON stream", get("/hello/everywhere", "Accept", NDJSON)));
        ways.add(stream("SSE stream", get("/hello/everywhere", "Accept", "text/event-stream")));
        ways.add(stream("JSON array", get("/hello/everywhere")));
        ways.add(stream("gRPC-Web stream", everywhere("application/grpc-web+proto", envelope(HELLO))));
        byte[] base64 = Base64.getEncoder().encode(envelope(HELLO));
        ways.add(stream("gRPC-Web text stream", everywhere("application/grpc-web-text", base64)));
        ways.add(stream("Connect stream", everywhere(CONNECT_PROTO, envelope(HELLO))));
        ways.add(stream("Connect JSON stream", everywhere("application/connect+json", envelope(JSON_OF_HELLO))));
        ways.add(upload("NDJSON upload", NDJSON, line(JSON_OF_HELLO), line(JSON_OF_HOLA)));
        ways.add(upload("Connect upload", CONNECT_PROTO, envelope(HELLO), envelope(HOLA)));
        return ways;
    }

    private Way unary(String name, HttpRequest request) {
        return new Way(name, WORLD, false, () -> send(request));
    }

    private Way stream(String name, HttpRequest request) {
        return new Way(name, WORLDS, true, () -> send(request));
    }

    /** Sends the second message later: a server may be lost before. */
    private Way upload(String name, String contentType, byte[] first, byte[] second) {
        HttpRequest request = request(SERVICE + "SayHelloTogether", "Content-Type", contentType)
                .POST(inTwoPieces(first, second))
                .build();
        return new Way(name, TOGETHER, false, () -> send(request));
    }

    private static BodyPublisher inTwoPieces(byte[] first, byte[] second) {
        return BodyPublishers.fromPublisher(subscriber -> {
            SubmissionPublisher<ByteBuffer> pieces = new SubmissionPublisher<>();
            pieces.subscribe(subscriber);
            pieces.submit(ByteBuffer.wrap(first));
            LATER.execute(() -> {
                pieces.submit(ByteBuffer.wrap(second));
                pieces.close();
            });
        });
    }

    private static HttpRequest everywhere(String contentType, byte[] body) {
        return post("SayHelloEverywhere", contentType, body);
    }

    private static HttpRequest post(String method, String contentType, byte[] body) {
        return request(SERVICE + method, "Content-Type", contentType)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
    }

    private static HttpRequest get(String path, String... headers) {
        return request(path, headers).build();
    }

    private static HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(Stack.HTTP + path)).timeout(PATIENCE);
        return headers.length == 0 ? request : request.headers(headers);
    }

    private CompletableFuture<Received> send(HttpRequest request) {
        return http.sendAsync(request, BodyHandlers.ofByteArray())
                .thenApply(WebBody::read)
                .exceptionally(failure -> new Received(List.of(), failure.toString(), false));
    }

    private static byte[] line(byte[] json) {
        return (new String(json, UTF_8) + "\n").getBytes(UTF_8);
    }

    private static byte[] envelope(byte[] message) {
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
    }

    @Override
    public void close() {
        grpc.close();
        http.shutdownNow();
    }
}
