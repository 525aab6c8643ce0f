package io.middleware.gateway.ingress.grpcjson;

import static io.middleware.gateway.ingress.WebCaller.envelope;
import static io.middleware.gateway.ingress.WebCaller.envelopes;
import static io.middleware.gateway.ingress.WebCaller.gunzip;
import static io.middleware.gateway.ingress.WebCaller.gzip;
import static io.middleware.gateway.ingress.WebCaller.read;
import static io.middleware.gateway.ingress.WebCaller.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.gateway.RawHttp2Peer.Response;
import io.middleware.gateway.ingress.StreamServer;
import io.middleware.gateway.ingress.WebCaller;
import io.middleware.gateway.ingress.WebCaller.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls by gRPC with JSON, on a real connection to a real server of gRPC's that knows Protobuf only. */
@Timeout(60)
class GrpcJsonTest {
    private static final String JSON = "application/grpc+json";

    private final StreamServer server = new StreamServer();
    private final WebCaller caller = new WebCaller(server.port());

    @AfterEach
    void close() {
        caller.close();
        server.close();
    }

    @Test
    void messages_areTranslatedBothWays() {
        Response response = caller.call(StreamServer.SERVER_STREAM, JSON, envelopes(json("2")));
        assertThat(response.headers()).hasSize(2);
        assertThat(response.get("content-type")).isEqualTo(JSON);
        assertThat(response.get("grpc-status")).isEqualTo("0");
        assertThat(response.get("trailing")).isEqualTo("last");
        assertThat(read(response.body()))
                .extracting(Envelope::text)
                .containsExactly("{\"message\":\"reply 0\"}", "{\"message\":\"reply 1\"}");
    }

    @Test
    void zippedMessages_areTakenAndGiven() {
        Response response = caller.call(
                StreamServer.SERVER_STREAM,
                JSON,
                envelope(1, gzip(json("size 5000"))),
                "grpc-encoding",
                "gzip",
                "grpc-accept-encoding",
                "identity,gzip");
        assertThat(response.get("grpc-encoding")).isEqualTo("gzip");
        Envelope only = read(response.body()).getFirst();
        assertThat(only.flags()).isEqualTo(1);
        assertThat(gunzip(only.bytes())).hasSize(5000 + "{\"message\":\"\"}".length());
        assertThat(server.seen()).doesNotContainKey("grpc-encoding");
    }

    @Test
    void errors_areStatuses() {
        Response wrong = caller.call(StreamServer.UNARY, JSON, envelopes("{".getBytes(StandardCharsets.UTF_8)));
        assertThat(wrong.get("grpc-status")).isEqualTo("3");
        assertThat(wrong.get("content-type")).isEqualTo(JSON);
        Response late = caller.call(StreamServer.SERVER_STREAM, JSON, envelopes(json("fail")));
        assertThat(late.get("grpc-status")).isEqualTo("9");
        assertThat(late.get("grpc-status-details-bin")).isNotEmpty();
        Response large =
                caller.call(StreamServer.SERVER_STREAM, JSON, envelopes(json("size " + 2 * StreamServer.LARGEST)));
        assertThat(large.get("grpc-status")).isEqualTo("8");
    }

    @Test
    void methodThatIsNotDescribed_getsTheMessagesUnchanged() {
        Response response = caller.call("/hello.v1.HelloService/Nothing", JSON, envelopes(json("a")));
        assertThat(response.get("grpc-status")).isEqualTo("12");
        assertThat(List.of(caller.call(StreamServer.UNARY, "application/grpc+proto", envelopes(request("a")))
                        .get("grpc-status")))
                .containsExactly("0");
    }

    private static byte[] json(String message) {
        return ("{\"message\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8);
    }
}
