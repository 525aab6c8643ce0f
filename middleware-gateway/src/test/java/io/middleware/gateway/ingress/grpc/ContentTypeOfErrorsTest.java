package io.middleware.gateway.ingress.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.gateway.GatewayHarness;
import io.middleware.gateway.RawHttp2Peer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Libraries refuse a response in another message format than that of their request, even if it only has a status. */
class ContentTypeOfErrorsTest {
    private final GatewayHarness gateway = new GatewayHarness();

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc", "application/grpc+proto", "application/grpc+json"})
    void error_hasTheContentTypeOfTheCall(String contentType) throws IOException {
        gateway.directory().markLoaded();
        try (RawHttp2Peer caller = RawHttp2Peer.client(gateway.server().port())) {
            caller.headers(
                    1,
                    true,
                    ":method",
                    "POST",
                    ":scheme",
                    "http",
                    ":path",
                    "/none.v1.None/Call",
                    ":authority",
                    "a",
                    "content-type",
                    contentType,
                    "te",
                    "trailers");
            assertThat(caller.response(1).get("content-type")).isEqualTo(contentType);
        }
    }
}
