package io.middleware.gateway.ingress.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.gateway.GatewayHarness;
import io.middleware.gateway.RawHttp1Caller;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.testsupport.FreePorts;
import io.middleware.testsupport.NginxServer;
import io.middleware.testsupport.ProjectNginx;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls by HTTP/1.1 through a real Nginx that end before their request has, and what becomes of the connection. */
@Timeout(30)
class EarlyResponseIT {
    private static final String FOR_A_SERVICE_WITHOUT_INSTANCES = "/" + GatewayHarness.SERVICE + "/SayHello";

    private final GatewayHarness gateway = new GatewayHarness();
    private NginxServer nginx;
    private RawHttp1Caller caller;

    @BeforeEach
    void start() throws IOException {
        gateway.serveOtherProtocols(1 << 20, new BodyBudget(1 << 20));
        int port = FreePorts.next();
        nginx = ProjectNginx.startForGrpc(
                port, FreePorts.next(), gateway.server().port());
        caller = new RawHttp1Caller(port);
    }

    @AfterEach
    void stop() throws IOException {
        caller.close();
        nginx.close();
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/grpc-web+proto",
                "application/grpc-web-text",
                "application/grpc-web+json",
                "application/connect+proto",
                "application/connect+json"
            })
    void connectionIsGoodForTheNextCall(String contentType) throws IOException {
        caller.begin(FOR_A_SERVICE_WITHOUT_INSTANCES, contentType);
        String first = caller.readUntil(RawHttp1Caller.END_OF_HEAD);
        assertThat(first).as(nginx.log()).startsWith("HTTP/1.1 200");

        caller.send(RawHttp1Caller.LAST_CHUNK);
        caller.readUntil(RawHttp1Caller.LAST_CHUNK);

        caller.begin(FOR_A_SERVICE_WITHOUT_INSTANCES, contentType);
        caller.send(RawHttp1Caller.LAST_CHUNK);
        assertThat(caller.readUntil(RawHttp1Caller.LAST_CHUNK)).as(nginx.log()).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc-web+proto", "application/connect+proto"})
    void requestThatDoesNotEnd_keepsNobodyWaiting(String contentType) throws IOException {
        caller.begin(FOR_A_SERVICE_WITHOUT_INSTANCES, contentType);

        assertThat(caller.readUntil(RawHttp1Caller.LAST_CHUNK)).as(nginx.log()).startsWith("HTTP/1.1 200");
    }
}
