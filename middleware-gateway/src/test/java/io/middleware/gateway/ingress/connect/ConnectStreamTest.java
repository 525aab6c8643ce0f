package io.middleware.gateway.ingress.connect;

import static io.middleware.gateway.ingress.WebCaller.envelope;
import static io.middleware.gateway.ingress.WebCaller.envelopes;
import static io.middleware.gateway.ingress.WebCaller.gunzip;
import static io.middleware.gateway.ingress.WebCaller.gzip;
import static io.middleware.gateway.ingress.WebCaller.read;
import static io.middleware.gateway.ingress.WebCaller.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.middleware.gateway.RawHttp2Peer.Response;
import io.middleware.gateway.ingress.StreamServer;
import io.middleware.gateway.ingress.WebCaller;
import io.middleware.gateway.ingress.WebCaller.Envelope;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Streams by Connect, on a real connection to a real server of gRPC's. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class ConnectStreamTest {
    private static final String PROTO = "application/connect+proto";
    private static final String JSON = "application/connect+json";
    private static final int END = 2;

    private final StreamServer server = new StreamServer();
    private final WebCaller caller = new WebCaller(server.port());
    private int before;

    @AfterEach
    void close() {
        caller.close();
        server.close();
    }

    @Test
    void serialized_messagesPass_andTheEndHasTheTrailers() {
        Response response = caller.call(
                StreamServer.SERVER_STREAM,
                PROTO,
                envelopes(request("2")),
                "connect-protocol-version",
                "1",
                "mine",
                "m");
        assertThat(response.headers().getFirst().status()).hasToString("200");
        assertThat(response.get("content-type")).isEqualTo(PROTO);
        assertThat(response.get("leading")).isEqualTo("first");
        assertThat(response.get("middleware-instance")).isEqualTo("one");
        List<Envelope> body = read(response.body());
        assertThat(body).extracting(Envelope::flags).containsExactly(0, 0, END);
        assertThat(body.get(1).message()).isEqualTo("reply 1");
        assertThat(end(response).get("metadata")).hasToString("{\"trailing\":[\"last\"],\"trailing-bin\":[\"AQID\"]}");
        assertThat(end(response).has("error")).isFalse();
        assertThat(server.seen())
                .containsEntry("mine", "m")
                .containsEntry("grpc-accept-encoding", "identity")
                .doesNotContainKeys("connect-protocol-version", "connect-accept-encoding");
    }

    @Test
    void json_isTranslatedBothWays() {
        Response response = caller.call(
                StreamServer.CLIENT_STREAM,
                JSON,
                envelopes(utf8("{\"message\":\"a\"}"), utf8("{\"message\":\"\u00e4\"}")));
        assertThat(response.get("content-type")).isEqualTo(JSON);
        List<Envelope> body = read(response.body());
        assertThat(body.getFirst().text()).isEqualTo("{\"message\":\"a;\u00e4;\"}");
        assertThat(body.getLast().flags()).isEqualTo(END);
    }

    @ParameterizedTest
    @ValueSource(strings = {PROTO, JSON})
    void error_hasCodeMessageAndDetails(String type) {
        Response response = caller.call(StreamServer.SERVER_STREAM, type, envelopes(of(type, "fail")));
        assertThat(response.headers().getFirst().status()).hasToString("200");
        JsonObject error = end(response).getAsJsonObject("error");
        assertThat(error.get("code").getAsString()).isEqualTo("failed_precondition");
        assertThat(error.get("message").getAsString()).isEqualTo("not now: \u00e4");
        assertThat(error.get("details"))
                .hasToString("[{\"type\":\"google.protobuf.StringValue\",\"value\":\"CgN3aHk\"}]");
        assertThat(end(response).getAsJsonObject("metadata").get("trailing")).hasToString("[\"last\"]");
    }

    @ParameterizedTest
    @ValueSource(strings = {PROTO, JSON})
    void bidirectional_eachReplyComesAtOnce(String type) {
        int stream = caller.begin(StreamServer.BIDIRECTIONAL, type);
        for (int i = 0; i < 3; i++) {
            caller.peer().data(stream, false, envelopes(of(type, "m" + i)));
            if (i == 0) {
                assertThat(caller.next()).isInstanceOf(Http2Headers.class);
            }
            Envelope reply = read((byte[]) caller.next()).getFirst();
            assertThat(reply.text()).contains("re: m" + i);
        }
        caller.peer().data(stream, true);
        assertThat(read(caller.response(stream).body()).getFirst().flags()).isEqualTo(END);
    }

    @ParameterizedTest
    @ValueSource(strings = {PROTO, JSON})
    void messages_cutAnywhere_zippedOrNot_stayInOrder(String type) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            String message = i % 7 == 3 ? "x".repeat((i % 3 == 0 ? 40_000 : 5_000) + i) : "m" + i;
            byte[] bytes = of(type, message);
            body.writeBytes(i % 3 == 0 ? envelope(1, gzip(bytes)) : envelope(0, bytes));
            expected.append(message.length() > 99 ? message.length() : message).append(';');
        }
        int stream = caller.begin(StreamServer.CLIENT_STREAM, type, "connect-content-encoding", "gzip");
        byte[] bytes = body.toByteArray();
        for (int at = 0, size = 1; at < bytes.length; at += size, size = size % 997 * 3 + 1) {
            caller.peer().data(stream, false, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
        }
        caller.peer().data(stream, true);
        assertThat(read(caller.response(stream).body()).getFirst().text()).contains(expected);
        await().until(() -> server.held() == 0);
    }

    @Test
    void largeJson_isTranslated_andZippedIfTheCallerTakesIt() {
        Response plain = caller.call(StreamServer.SERVER_STREAM, JSON, envelopes(of(JSON, "size 300000")));
        assertThat(read(plain.body()).getFirst().text()).hasSize(300_000 + "{\"message\":\"\"}".length());
        Response zipped = caller.call(
                StreamServer.SERVER_STREAM,
                JSON,
                envelopes(of(JSON, "size 300000")),
                "connect-accept-encoding",
                "br, gzip");
        assertThat(zipped.get("connect-content-encoding")).isEqualTo("gzip");
        Envelope first = read(zipped.body()).getFirst();
        assertThat(first.flags()).isEqualTo(1);
        assertThat(gunzip(first.bytes())).hasSize(300_000 + "{\"message\":\"\"}".length());
        await().until(() -> server.held() == 0);
    }

    @Test
    void serialized_responseMayBeZippedByTheServer_ifTheCallerTakesIt() {
        caller.call(StreamServer.SERVER_STREAM, PROTO, envelopes(request("1")), "connect-accept-encoding", "gzip");
        assertThat(server.seen()).containsEntry("grpc-accept-encoding", "gzip");
    }

    @ParameterizedTest
    @CsvSource({
        "connect-protocol-version, 2, invalid_argument, (expected: 1)",
        "connect-timeout-ms, soon, invalid_argument, milliseconds",
        "connect-timeout-ms, 12345678901, invalid_argument, milliseconds",
        "connect-content-encoding, br, unimplemented, identity or gzip",
        "connect-timeout-ms, 0, deadline_exceeded, ''",
    })
    void headers_thatAreWrong(String name, String value, String code, String words) {
        Response response = caller.call(StreamServer.CLIENT_STREAM, PROTO, envelopes(request("a")), name, value);
        assertError(response, code, words);
    }

    @Test
    void envelopes_thatAreWrong() {
        assertError(respond(PROTO, envelope(2, request("a"))), "invalid_argument", "flags 2");
        assertError(respond(PROTO, envelope(0x80, request("a"))), "invalid_argument", "flags 128");
        assertError(respond(PROTO, envelope(1, gzip(request("a")))), "internal", "connect-content-encoding");
        assertError(respond(PROTO, new byte[] {0, 0, 0}), "invalid_argument", "middle of a message");
        assertError(respond(JSON, new byte[] {0, 0, 0, 0, 9, '{'}), "invalid_argument", "middle of a message");
        assertError(respond(JSON, envelope(0, utf8("{\"massage\":1}"))), "invalid_argument", "massage");
        assertError(respond(JSON, envelope(0, new byte[0])), "invalid_argument", "empty");
        assertError(respond(JSON, new byte[] {0, 127, 0, 0, 0}), "resource_exhausted", "at most");
        assertError(
                respond(PROTO, envelope(1, utf8("no gzip")), "connect-content-encoding", "gzip"),
                "invalid_argument",
                "not gzip");
        byte[] bomb = gzip(new byte[StreamServer.LARGEST + 1]);
        assertError(
                respond(PROTO, envelope(1, bomb), "connect-content-encoding", "gzip"), "resource_exhausted", "at most");
        await().until(() -> server.held() == 0);
    }

    @Test
    void responseThatIsTooLargeToTranslate_endsWithAnError() {
        Response response =
                caller.call(StreamServer.SERVER_STREAM, JSON, envelopes(of(JSON, "size " + 2 * StreamServer.LARGEST)));
        assertError(response, "resource_exhausted", "at most " + StreamServer.LARGEST);
        await().until(() -> server.held() == 0);
    }

    @Test
    void responseThatCannotBeRead_endsWithAnError_andLogsNothing(CapturedOutput output) {
        Response response = caller.call(StreamServer.SERVER_STREAM, JSON, envelopes(of(JSON, "damaged")));
        assertThat(end(response).has("error")).isTrue();
        assertThat(output.getAll()).doesNotContain("NullPointerException", "at io.middleware");
    }

    @ParameterizedTest
    @CsvSource({
        "/hello.v1.HelloService/SayHello, application/connect+proto, unary",
        "/hello.v1.HelloService/SayHello, application/connect+json, port for HTTP",
        "/hello.v1.HelloService/SayHello, application/json, port for HTTP",
        "/hello.v1.HelloService/SayHello, application/proto, port for HTTP",
        "/hello.v1.HelloService/Converse, application/json; charset=utf-8, application/connect+json",
        "/hello.v1.HelloService/Converse, application/connect+cbor, application/connect+proto",
    })
    void contentTypes_thatAreWrongHere(String path, String type, String words) {
        Response response = caller.call(path, type, envelopes(request("a")));
        assertThat(response.headers().getFirst().status()).hasToString("415");
        assertThat(response.get("content-type")).isEqualTo("application/json");
        assertThat(response.get("middleware-gateway")).isEqualTo("gateway-1");
        JsonObject error = JsonParser.parseString(new String(response.body(), StandardCharsets.UTF_8))
                .getAsJsonObject();
        assertThat(error.get("code").getAsString()).isEqualTo("unknown");
        assertThat(error.get("message").getAsString()).contains(words, "expected");
    }

    @Test
    void methodsThatAreUnknown() {
        for (String type : List.of(PROTO, JSON)) {
            Response method = caller.call("/hello.v1.HelloService/Nothing", type, envelopes(of(type, "a")));
            assertError(method, "unimplemented", "");
            Response service = caller.call("/hello.v1.Nobody/Nothing", type, envelopes(of(type, "a")));
            assertError(service, "unimplemented", "no registered service serves hello.v1.Nobody");
        }
    }

    @Test
    void timeout_endsTheCall() {
        int stream = caller.begin(StreamServer.BIDIRECTIONAL, PROTO, "connect-timeout-ms", "100");
        assertError(caller.response(stream), "deadline_exceeded", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {PROTO, JSON})
    void callerThatVanishes_cancelsTheCall(String type) throws Exception {
        int stream = caller.begin(StreamServer.BIDIRECTIONAL, type);
        caller.peer().data(stream, false, envelopes(of(type, "a")));
        assertThat(caller.next()).isInstanceOf(Http2Headers.class);
        caller.close();
        assertThat(server.awaitCancelled()).isTrue();
    }

    @Test
    void requestThatBreaksTheProtocol_cancelsTheCall() throws Exception {
        int stream = caller.begin(StreamServer.BIDIRECTIONAL, PROTO);
        caller.peer().data(stream, false, envelopes(request("a")));
        assertThat(caller.next()).isInstanceOf(Http2Headers.class);
        caller.peer().data(stream, false, envelope(9, request("a")));
        assertThat(server.awaitCancelled()).isTrue();
        assertThat(end(caller.response(stream)).get("error").toString()).contains("invalid_argument", "flags 9");
    }

    @ParameterizedTest
    @ValueSource(strings = {PROTO, JSON})
    void slowReader_stopsTheServer(String type) throws Exception {
        int stream = caller.begin(StreamServer.SERVER_STREAM, type);
        caller.peer().data(stream, true, envelopes(of(type, "endless 1000")));
        await().during(Duration.ofMillis(300)).atMost(Duration.ofSeconds(20)).until(server::sent, this::isSteady);
        caller.peer().reset(stream, 8);
        assertThat(server.awaitCancelled()).isTrue();
        await().until(() -> server.held() == 0);
    }

    @Test
    void thousandsOfMessages_inJson() {
        Response response = caller.call(StreamServer.SERVER_STREAM, JSON, envelopes(of(JSON, "5000")));
        List<Envelope> body = read(response.body());
        assertThat(body).hasSize(5001);
        assertThat(body.get(4999).text()).isEqualTo("{\"message\":\"reply 4999\"}");
    }

    private boolean isSteady(int sent) {
        boolean steady = sent > 0 && sent == before;
        before = sent;
        return steady;
    }

    private Response respond(String type, byte[] body, String... headers) {
        return caller.call(StreamServer.CLIENT_STREAM, type, body, headers);
    }

    private static void assertError(Response response, String code, String words) {
        assertThat(response.headers().getFirst().status()).hasToString("200");
        JsonObject error = end(response).getAsJsonObject("error");
        assertThat(error.get("code").getAsString()).isEqualTo(code);
        assertThat(error.get("message").getAsString()).contains(words);
    }

    private static JsonObject end(Response response) {
        Envelope last = read(response.body()).getLast();
        assertThat(last.flags()).isEqualTo(END);
        return JsonParser.parseString(last.text()).getAsJsonObject();
    }

    private static byte[] of(String type, String message) {
        return type.equals(JSON) ? utf8("{\"message\":\"" + message + "\"}") : request(message);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
