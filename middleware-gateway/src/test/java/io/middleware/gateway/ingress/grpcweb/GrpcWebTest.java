package io.middleware.gateway.ingress.grpcweb;

import static io.middleware.gateway.ingress.WebCaller.envelope;
import static io.middleware.gateway.ingress.WebCaller.envelopes;
import static io.middleware.gateway.ingress.WebCaller.headers;
import static io.middleware.gateway.ingress.WebCaller.read;
import static io.middleware.gateway.ingress.WebCaller.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.middleware.gateway.RawHttp2Peer.Response;
import io.middleware.gateway.ingress.StreamServer;
import io.middleware.gateway.ingress.WebCaller;
import io.middleware.gateway.ingress.WebCaller.Envelope;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls by gRPC-Web, on a real connection to a real server of gRPC's. */
@Timeout(60)
class GrpcWebTest {
    private static final String BINARY = "application/grpc-web+proto";
    private static final String TEXT = "application/grpc-web-text+proto";

    private final StreamServer server = new StreamServer();
    private final WebCaller caller = new WebCaller(server.port());

    @AfterEach
    void close() {
        caller.close();
        server.close();
    }

    @Test
    void call_endsWithItsTrailersInTheBody() {
        Response response = caller.call(
                StreamServer.UNARY, BINARY, envelopes(request("you")), "x-grpc-web", "1", "accept", "*/*", "mine", "m");
        assertThat(headers(response).status()).hasToString("200");
        assertThat(response.get("content-type")).isEqualTo(BINARY);
        assertThat(response.get("leading")).isEqualTo("first");
        assertThat(response.get("middleware-instance")).isEqualTo("one");
        List<Envelope> body = read(response.body());
        assertThat(body).extracting(Envelope::flags).containsExactly(0, 0x80);
        assertThat(body.getFirst().message()).isEqualTo("Hello you");
        assertThat(body.getLast().text())
                .contains("grpc-status: 0\r\n", "trailing: last\r\n", "trailing-bin: AQID\r\n");
        assertThat(server.seen()).containsEntry("mine", "m").doesNotContainKeys("x-grpc-web", "accept");
    }

    @Test
    void stream_passesEachMessage() {
        Response response = caller.call(StreamServer.SERVER_STREAM, "application/grpc-web", envelopes(request("3")));
        assertThat(response.get("content-type")).isEqualTo("application/grpc-web");
        List<Envelope> body = read(response.body());
        assertThat(body.subList(0, 3)).extracting(Envelope::message).containsExactly("reply 0", "reply 1", "reply 2");
        assertThat(body.getLast().text()).contains("grpc-status: 0\r\n");
    }

    @Test
    void error_isInTheBodyAfterMessages_andInTheHeadersWithoutAny() {
        Response late = caller.call(StreamServer.SERVER_STREAM, BINARY, envelopes(request("fail")));
        assertThat(read(late.body()).getLast().text())
                .contains("grpc-status: 9\r\n", "grpc-message: not now: %C3%A4\r\n", "grpc-status-details-bin: ");
        Response only = caller.call("/hello.v1.HelloService/Nothing", BINARY, envelopes(request("you")));
        assertThat(headers(only).get("grpc-status")).hasToString("12");
        assertThat(only.get("content-type")).isEqualTo(BINARY);
        assertThat(only.body()).isEmpty();
    }

    @Test
    void text_isDecodedInPieces_andComesAsPieces() {
        String one = Base64.getEncoder().encodeToString(envelopes(request("a"), request("bc")));
        byte[] second = envelopes(request("defg"));
        String cut = Base64.getEncoder().encodeToString(Arrays.copyOf(second, 7))
                + Base64.getEncoder().encodeToString(Arrays.copyOfRange(second, 7, second.length));
        int stream = caller.begin(StreamServer.CLIENT_STREAM, TEXT);
        for (char c : (one + cut).toCharArray()) {
            caller.peer().data(stream, false, (byte) c);
        }
        caller.peer().data(stream, true);
        Response response = caller.response(stream);
        assertThat(response.get("content-type")).isEqualTo(TEXT);
        List<Envelope> body = read(decoded(response.body()));
        assertThat(body.getFirst().message()).isEqualTo("a;bc;defg;");
        assertThat(body.getLast().text()).contains("grpc-status: 0\r\n");
    }

    @Test
    void accept_decidesBetweenBinaryAndText() {
        Response text = caller.call(
                StreamServer.UNARY, BINARY, envelopes(request("you")), "accept", "application/grpc-web-text");
        assertThat(text.get("content-type")).isEqualTo(TEXT);
        assertThat(read(decoded(text.body())).getFirst().message()).isEqualTo("Hello you");
        byte[] base64 = Base64.getEncoder().encode(envelopes(request("you")));
        Response binary =
                caller.call(StreamServer.UNARY, TEXT, base64, "accept", "application/grpc-web+proto, text/plain");
        assertThat(binary.get("content-type")).isEqualTo(BINARY);
        assertThat(read(binary.body()).getFirst().message()).isEqualTo("Hello you");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAAA!", "A", "AAAAA=A="})
    void text_thatIsNotBase64_isRefused(String body) {
        Response response = caller.call(StreamServer.CLIENT_STREAM, TEXT, body.getBytes(StandardCharsets.US_ASCII));
        assertThat(headers(response).get("grpc-status")).hasToString("3");
        assertThat(response.get("grpc-message")).contains("base64");
        assertThat(response.get("content-type")).isEqualTo(TEXT);
    }

    @Test
    void otherType_isRefused() {
        for (String type : List.of("application/grpc-webby", "application/grpc-web-texts", "image/png")) {
            Response response = caller.call(StreamServer.UNARY, type, envelopes(request("you")));
            assertThat(headers(response).status()).hasToString("415");
            assertThat(response.get("grpc-message")).contains(type, "expected");
        }
    }

    @Test
    void json_isTranslated() {
        byte[] request = "{\"message\":\"3\"}".getBytes(StandardCharsets.UTF_8);
        Response response = caller.call(StreamServer.SERVER_STREAM, "application/grpc-web+json", envelopes(request));
        assertThat(response.get("content-type")).isEqualTo("application/grpc-web+json");
        List<Envelope> body = read(response.body());
        assertThat(body.get(2).text()).isEqualTo("{\"message\":\"reply 2\"}");
        assertThat(body.getLast().text()).contains("grpc-status: 0\r\n");
    }

    @Test
    void numberOfMessages_thatIsWrong_isRefused() {
        for (String path : List.of(StreamServer.UNARY, StreamServer.SERVER_STREAM)) {
            for (byte[] body : List.of(new byte[0], envelopes(request("1"), request("2")))) {
                Response response = caller.call(path, BINARY, body);
                assertThat(response.get("grpc-status")).isEqualTo("12");
                assertThat(response.get("grpc-message")).contains("expected: exactly one");
            }
        }
    }

    @Test
    void timeout_ends_theCall() {
        int stream = caller.begin(StreamServer.BIDIRECTIONAL, BINARY, "grpc-timeout", "100m");
        Response response = caller.response(stream);
        assertThat(response.get("grpc-status")).isEqualTo("4");
    }

    @Test
    void callerThatVanishes_cancelsTheCall() throws Exception {
        int stream = caller.begin(StreamServer.BIDIRECTIONAL, BINARY);
        caller.peer().data(stream, false, envelope(0, request("a")));
        assertThat(caller.next()).isInstanceOf(Http2Headers.class);
        caller.close();
        assertThat(server.awaitCancelled()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {BINARY, TEXT})
    void slowReader_stopsTheServer(String type) throws Exception {
        byte[] body = envelopes(request("endless 1000"));
        int stream = caller.begin(StreamServer.SERVER_STREAM, type);
        caller.peer().data(stream, true, type.equals(TEXT) ? Base64.getEncoder().encode(body) : body);
        await().during(Duration.ofMillis(300)).atMost(Duration.ofSeconds(20)).until(server::sent, this::isSteady);
        caller.peer().reset(stream, 8);
        assertThat(server.awaitCancelled()).isTrue();
    }

    private int before;

    private boolean isSteady(int sent) {
        boolean steady = sent > 0 && sent == before;
        before = sent;
        return steady;
    }

    @Test
    void origins_mayReadIfAllowed() {
        Response allowed =
                caller.call(StreamServer.UNARY, BINARY, envelopes(request("you")), "origin", "https://shop.example");
        assertThat(allowed.get("access-control-allow-origin")).isEqualTo("https://shop.example");
        assertThat(allowed.get("access-control-expose-headers")).contains("grpc-status");
        Response other =
                caller.call(StreamServer.UNARY, BINARY, envelopes(request("you")), "origin", "https://evil.example");
        assertThat(other.get("access-control-allow-origin")).isNull();
    }

    @Test
    void preflight_getsAResponse() {
        caller.peer()
                .headers(
                        1,
                        true,
                        ":method",
                        "OPTIONS",
                        ":scheme",
                        "http",
                        ":path",
                        StreamServer.UNARY,
                        ":authority",
                        "a",
                        "origin",
                        "https://shop.example",
                        "access-control-request-method",
                        "POST");
        Response response = caller.response(1);
        assertThat(headers(response).status()).hasToString("204");
        assertThat(response.get("access-control-allow-headers")).contains("x-grpc-web");
        assertThat(response.reset()).isEqualTo(-1);
    }

    /** Decodes pieces of base64, each with its own padding. */
    private static byte[] decoded(byte[] text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int at = 0; at < text.length; at += 4) {
            bytes.writeBytes(Base64.getDecoder().decode(Arrays.copyOfRange(text, at, at + 4)));
        }
        return bytes.toByteArray();
    }
}
