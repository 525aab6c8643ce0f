package io.middleware.gateway.ingress.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.gateway.GatewayHarness;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.testsupport.FreePorts;
import io.middleware.testsupport.NginxServer;
import io.middleware.testsupport.ProjectNginx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls by HTTP/1.1 through a real Nginx that end before their request has, and what becomes of the connection. */
@Timeout(30)
class EarlyResponseIT {
    private static final String LAST_CHUNK = "0\r\n\r\n";
    private static final String FOR_A_SERVICE_WITHOUT_INSTANCES = "/" + GatewayHarness.SERVICE + "/SayHello";

    private final GatewayHarness gateway = new GatewayHarness();
    private NginxServer nginx;
    private Socket socket;
    private InputStream in;

    @BeforeEach
    void start() throws IOException {
        gateway.serveOtherProtocols(1 << 20, new BodyBudget(1 << 20));
        int port = FreePorts.next();
        nginx = ProjectNginx.startForGrpc(
                port, FreePorts.next(), gateway.server().port());
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        in = socket.getInputStream();
    }

    @AfterEach
    void stop() throws IOException {
        socket.close();
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
        begin(contentType);
        String first = readUntil("\r\n\r\n");
        assertThat(first).as(nginx.log()).startsWith("HTTP/1.1 200");

        send(LAST_CHUNK);
        readUntil(LAST_CHUNK);

        begin(contentType);
        send(LAST_CHUNK);
        assertThat(readUntil(LAST_CHUNK)).as(nginx.log()).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc-web+proto", "application/connect+proto"})
    void requestThatDoesNotEnd_keepsNobodyWaiting(String contentType) throws IOException {
        begin(contentType);

        assertThat(readUntil(LAST_CHUNK)).as(nginx.log()).startsWith("HTTP/1.1 200");
    }

    private void begin(String contentType) throws IOException {
        send("POST " + FOR_A_SERVICE_WITHOUT_INSTANCES + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                + "Content-Type: " + contentType + "\r\n\r\n1\r\n\0\r\n");
    }

    private void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Returns what comes, up to and with {@code end}. */
    private String readUntil(String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.lastIndexOf(end) < 0) {
            int next = in.read();
            assertThat(next).as("closed after: %s, log: %s", read, nginx.log()).isNotNegative();
            read.append((char) next);
        }
        return read.toString();
    }
}
