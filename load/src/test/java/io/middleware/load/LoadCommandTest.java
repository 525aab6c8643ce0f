package io.middleware.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.middleware.client.MiddlewareClient;
import io.middleware.hello.v1.GuestbookGrpc.GuestbookImplBase;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc.HelloServiceImplBase;
import io.middleware.hello.v1.SignRequest;
import io.middleware.hello.v1.Signature;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command against real servers, of which some calls fail as the tests say. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@Tag("slow")
class LoadCommandTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<String> credentials = ConcurrentHashMap.newKeySet();
    private final Set<String> keys = ConcurrentHashMap.newKeySet();
    private int failEach = Integer.MAX_VALUE;
    private Server grpc;
    private HttpServer http;
    private int grpcPort;

    @BeforeEach
    void startServers() throws IOException {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("middleware-instance", Metadata.ASCII_STRING_MARSHALLER), "hello-service-2");
        headers.put(Metadata.Key.of("middleware-attempts", Metadata.ASCII_STRING_MARSHALLER), "2");
        grpc = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(new Hello())
                .addService(new Book())
                .intercept(MetadataUtils.newAttachMetadataServerInterceptor(headers))
                .intercept(new NotedCredentials())
                .addTransportFilter(new CountingConnections())
                .build()
                .start();
        grpcPort = grpc.getPort();
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/hello", exchange -> {
            credentials.add("HTTP " + exchange.getRequestHeaders().getFirst("authorization"));
            boolean fails = fails();
            byte[] body = (fails ? "no" : "{\"message\":\"World\"}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("middleware-instance", "hello-service-1");
            exchange.sendResponseHeaders(fails ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        http.start();
    }

    @AfterEach
    void stopServers() {
        grpc.shutdownNow();
        http.stop(0);
    }

    @Test
    void allAnswered_exitsWith0AndTellsOfEachKind() {
        assertThat(run("--grpc", "100", "--http", "50", "--sign", "20", "--for", "500ms"))
                .as(err.toString())
                .isZero();

        assertThat(out.toString())
                .containsPattern("GRPC +50 +0 .*")
                .containsPattern("HTTP +25 +0 .*")
                .containsPattern("SIGN +10 +0 .*")
                .contains("answered by hello-service-1 (25), hello-service-2 (60)");
    }

    @Test
    void lostCalls_exitWith1AndAreToldWithTheirReason() {
        failEach = 10;

        assertThat(run("--grpc", "100", "--http", "100", "--for", "500ms")).isEqualTo(1);

        assertThat(out.toString()).contains("UNAVAILABLE: on purpose").contains("503: no");
    }

    @Test
    void records_haveALineForEachCall() throws IOException {
        Path file = folder.resolve("calls.tsv");

        assertThat(run("--grpc", "100", "--for", "300ms", "--records", file.toString(), "--hedging"))
                .isZero();

        List<CallRecord> records =
                Files.readAllLines(file).stream().map(CallRecord::parse).toList();
        assertThat(records)
                .hasSize(30)
                .allMatch(call -> call.reply().instance().equals("hello-service-2"))
                .allMatch(call -> call.reply().attempts() == 2 && call.kind() == Kind.GRPC);
        assertThat(records).extracting(CallRecord::callId).doesNotHaveDuplicates();
    }

    @Test
    void keys_areOnThoseSignaturesOnly_thatAreToHaveThem() {
        assertThat(run("--sign", "20", "--grpc", "20", "--hedging", "--for", "500ms"))
                .isZero();
        assertThat(keys).containsExactly("null");

        assertThat(run("--keyed", "20", "--sign", "20", "--grpc", "20", "--for", "500ms"))
                .isZero();
        assertThat(keys).as("one for each with a key, and others without").hasSize(11);
        assertThat(run("--keyed", "1", "--servers", "a=127.0.0.1:1"))
                .as("keys need the middleware")
                .isEqualTo(2);
    }

    @Test
    void credential_isOnEachCall() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "s3cret");
        String[] load = {
            "--grpc", "20", "--http", "20", "--sign", "20", "--for", "300ms", "--token-file", file.toString()
        };

        assertThat(run(load)).as(err.toString()).isZero();
        assertThat(credentials).containsExactlyInAnyOrder("gRPC Bearer s3cret", "HTTP Bearer s3cret");
        credentials.clear();
        assertThat(run("--grpc", "20", "--hedging", "--for", "300ms", "--token-file", file.toString()))
                .isZero();
        assertThat(credentials).containsExactly("gRPC Bearer s3cret");
        assertThat(run("--grpc", "1", "--token-file", folder.resolve("none").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("none: it cannot be read");
    }

    @Test
    void report_showsWhoAnsweredAndWhatWasLost() throws IOException {
        failEach = 10;
        Path file = folder.resolve("report.html");

        assertThat(run("--grpc", "100", "--http", "100", "--for", "500ms", "--lang", "pt", "--report", file.toString()))
                .isEqualTo(1);

        assertThat(Files.readString(file))
                .contains("<html lang=\"pt\">", "hello-service-1", "hello-service-2", "UNAVAILABLE: on purpose")
                .contains("10 de 100 chamadas se perderam.", "class=\"lost\"");
        assertThat(err.toString()).contains("Written: " + file);
        assertThat(out.toString()).containsPattern("<= [0-9]+ m?s +#+ +[0-9]+");
    }

    @Test
    void reportThatCannotBeWritten_isWrongUse() {
        assertThat(run("--grpc", "1", "--report", folder.resolve("no/folder").toString()))
                .isEqualTo(2);
        assertThat(run("--grpc", "1", "--report", "-", "--records", "-")).isEqualTo(2);
        assertThat(run("--grpc", "1", "--lang", "fr")).isEqualTo(2);
        assertThat(err.toString())
                .contains("--report: expected a file that can be written")
                .contains("only one of them can be written to standard output")
                .contains("--lang: expected en or pt");
    }

    @Test
    void terminal_seesALiveLineThatIsCleared() {
        assertThat(run("--grpc", "100", "--for", "1500ms", "--live", "200")).isZero();

        assertThat(err.toString())
                .containsPattern("\\[#+-+] +[01] s of 2 s +[0-9]+/s +0 lost +p50 ")
                .endsWith("\r\u001b[K");
    }

    @Test
    void recordsThatCannotBeWritten_areWrongUse() {
        assertThat(run(
                        "--grpc",
                        "1",
                        "--records",
                        folder.resolve("no/such/folder").toString()))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("--records: expected a file that can be written")
                .contains("NoSuchFileException");
    }

    @Test
    void connections_areAsManyAsAskedFor() {
        assertThat(run("--grpc", "100", "--for", "300ms")).isZero();
        assertThat(connections).hasValue(1);

        assertThat(run("--grpc", "100", "--for", "300ms", "--connections", "3")).isZero();
        assertThat(connections).hasValue(4);
    }

    @Test
    void nobodyThere_losesEachCallAndSaysWhy() {
        grpc.shutdownNow();
        http.stop(0);

        assertThat(run("--grpc", "20", "--http", "20", "--for", "500ms")).isEqualTo(1);

        assertThat(out.toString())
                .containsPattern("GRPC +10 +10 ")
                .containsPattern("HTTP +10 +10 ")
                .contains("UNAVAILABLE");
    }

    @Test
    void wrongUse_exitsWith2AndSaysWhatIsExpected() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("--grpc", "-1")).isEqualTo(2);
        assertThat(run("--grpc", "1", "--for", "0s")).isEqualTo(2);
        assertThat(run("--grpc", "1", "--connections", "0")).isEqualTo(2);
        assertThat(err.toString())
                .contains("nothing to send: expected --grpc, --http, --sign or --keyed")
                .contains("a rate is expected to be 0 to 100000 calls a second")
                .contains("such as 500ms, 2s or 1m")
                .contains("--connections is expected to be 1 to 1000, was 0");
    }

    private int run(String... arguments) {
        CommandLine command = new CommandLine(new LoadCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        String[] all = new String[arguments.length + 4];
        System.arraycopy(arguments, 0, all, 4, arguments.length);
        all[0] = "--target";
        all[1] = "127.0.0.1:" + grpcPort;
        all[2] = "--url";
        all[3] = "http://127.0.0.1:" + http.getAddress().getPort();
        return command.execute(all);
    }

    private boolean fails() {
        return calls.incrementAndGet() % failEach == 0;
    }

    private final class Hello extends HelloServiceImplBase {
        @Override
        public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
            if (fails()) {
                replies.onError(Status.UNAVAILABLE.withDescription("on purpose").asRuntimeException());
                return;
            }
            replies.onNext(HelloReply.newBuilder().setMessage("World").build());
            replies.onCompleted();
        }
    }

    private final class CountingConnections extends ServerTransportFilter {
        @Override
        public Attributes transportReady(Attributes attributes) {
            connections.incrementAndGet();
            return attributes;
        }
    }

    private final class NotedCredentials implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            credentials.add("gRPC " + headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER)));
            keys.add(String.valueOf(headers.get(MiddlewareClient.IDEMPOTENCY_KEY)));
            return next.startCall(call, headers);
        }
    }

    private static final class Book extends GuestbookImplBase {
        @Override
        public void sign(SignRequest request, StreamObserver<Signature> replies) {
            replies.onNext(Signature.newBuilder().setName(request.getName()).build());
            replies.onCompleted();
        }
    }
}
