package io.middleware.starter.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** A real management port, with a port of its own and without. */
@Tag("slow")
@ExtendWith(OutputCaptureExtension.class)
class RequestErrorsTest {
    private static final String MANY =
            IntStream.range(0, 60).mapToObj(i -> "a/b" + i).collect(Collectors.joining(", "));

    private final HttpClient client = HttpClient.newHttpClient();
    private ConfigurableApplicationContext server;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Server {}

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    /** Returns its port. {@code own}: whether it is not the application's. */
    private int start(boolean own) {
        server = new SpringApplication(Server.class)
                .run(
                        "--middleware.instance.enabled=false",
                        "--spring.cloud.consul.enabled=false",
                        "--spring.grpc.server.port=0",
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--management.endpoint.health.show-details=always",
                        own ? "--management.server.port=0" : "--management.endpoint.health.show-components=always");
        String port = own ? "local.management.port" : "local.server.port";
        return server.getEnvironment().getRequiredProperty(port, Integer.class);
    }

    private HttpResponse<String> get(int port, String path, String accept) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Accept", accept)
                        .build(),
                BodyHandlers.ofString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tooManyTypes_areNotAcceptable_inWordsThatSaySo_andNotInTheLog(boolean own, CapturedOutput log)
            throws Exception {
        int port = start(own);
        for (String path : new String[] {"/actuator/health", "/actuator", "/nothing"}) {
            HttpResponse<String> response = get(port, path, MANY);
            assertThat(response.statusCode()).as(path).isEqualTo(406);
            assertThat(response.body())
                    .isEqualTo("Accept cannot be used (expected: a few types, such as application/json)\n");
        }
        assertThat(get(port, "/actuator/health", "application/json").statusCode())
                .isEqualTo(200);
        assertThat(log.getAll()).doesNotContain("InvalidMimeTypeException", "\tat ");
    }

    /** The server refuses the body while the endpoint works on another thread: then there is nothing left to respond to. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /actuator/health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n\r\n",
                "POST /actuator/health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n\r\n"
            })
    void bodyThatIsNone_isRefusedOnce_andNotInTheLog(String request, CapturedOutput log) throws Exception {
        int port = start(true);
        for (int call = 0; call < 20; call++) {
            try (Socket caller = new Socket("127.0.0.1", port)) {
                caller.setSoTimeout(10_000);
                caller.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                String response = new String(caller.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertThat(response).startsWith("HTTP/1.1 ");
            }
        }
        assertThat(get(port, "/actuator/health", "*/*").statusCode()).isEqualTo(200);
        assertThat(log.getAll()).doesNotContain("IllegalStateException", "\tat ");
    }

    @Test
    void componentsOfAnUnknownComponent_areNotFound(CapturedOutput log) throws Exception {
        int port = start(true);
        assertThat(get(port, "/actuator/health/none/below", "*/*").statusCode()).isEqualTo(404);
        assertThat(get(port, "/actuator/health/none", "*/*").statusCode()).isEqualTo(404);
        assertThat(log.getAll()).doesNotContain("IllegalStateException", "\tat ");
    }
}
