package io.middleware.gateway.ingress;

import static io.middleware.gateway.ingress.WebCaller.envelopes;
import static io.middleware.gateway.ingress.WebCaller.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.gateway.RawHttp2Peer.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls by each protocol while one of two instances is dead: none fails, and the response says what was tried. */
@Timeout(60)
class ProtocolFailoverTest {
    private static final int MOST_CALLS = 500;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/grpc+json",
                "application/grpc-web+proto",
                "application/grpc-web-text",
                "application/connect+proto",
                "application/connect+json"
            })
    void callMovesToAnotherInstance(String type) throws Exception {
        byte[] message = type.endsWith("json") ? "{\"message\":\"3\"}".getBytes(StandardCharsets.UTF_8) : request("3");
        byte[] body = envelopes(message);
        List<String> attempts = new ArrayList<>();
        try (StreamServer server = new StreamServer();
                WebCaller caller = new WebCaller(server.port())) {
            server.registerDead();
            // as it is new, it is the first choice of one call in ten
            for (int call = 0; call < MOST_CALLS && !attempts.contains("2"); call++) {
                Response response = caller.call(
                        StreamServer.SERVER_STREAM,
                        type,
                        type.contains("text") ? Base64.getEncoder().encode(body) : body);
                assertThat(response.get("middleware-instance")).isEqualTo("one");
                attempts.add(response.get("middleware-attempts"));
            }
        }
        assertThat(attempts).contains("2");
    }
}
