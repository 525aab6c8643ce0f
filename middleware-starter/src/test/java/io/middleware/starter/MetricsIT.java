package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.testsupport.ConsulServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Prometheus finds of an instance that has done nothing for it. */
class MetricsIT {

    private static final Duration MOMENT = Duration.ofSeconds(10);

    private static ConsulServer consul;

    @BeforeAll
    static void start() {
        consul = ConsulServer.forgetful();
    }

    @AfterAll
    static void stop() {
        consul.close();
    }

    @Test
    void instance_saysInConsulWhereItsMetricsAre_andTheyShowItsCalls() {
        try (GreeterInstance greeter = new GreeterInstance(consul)) {
            greeter.awaitStatus("passing", MOMENT);
            assertThat(greeter.inConsul().at("/Meta/metrics-port").asString())
                    .isEqualTo(Integer.toString(greeter.managementPort()));
            assertThat(greeter.greet()).isEqualTo("World");

            HttpResponse<String> page = metrics(greeter);

            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body())
                    .containsPattern("grpc_server_seconds_bucket\\{.*SayHello.*le=\"0.05\"} ")
                    .contains("middleware_ready 1.0", "middleware_heartbeat_age_seconds 0.0");
        }
    }

    @Test
    void whileConsulIsAway_theAgeOfTheLastHeartbeatGrows() {
        try (GreeterInstance greeter = new GreeterInstance(consul)) {
            greeter.awaitStatus("passing", MOMENT);
            consul.kill();
            Awaitility.await()
                    .atMost(MOMENT)
                    .until(() -> !metrics(greeter).body().contains("middleware_heartbeat_age_seconds 0.0"));
            assertThat(metrics(greeter).body()).contains("middleware_ready 1.0");
            consul.start();
            Awaitility.await()
                    .atMost(MOMENT)
                    .until(() -> metrics(greeter).body().contains("middleware_heartbeat_age_seconds 0.0"));
        }
    }

    @Test
    void instanceWithoutThePage_saysNothingOfIt() {
        try (GreeterInstance greeter =
                new GreeterInstance(consul, "management.endpoints.web.exposure.include=health")) {
            greeter.awaitStatus("passing", MOMENT);
            assertThat(greeter.inConsul().at("/Meta").has("metrics-port")).isFalse();
            assertThat(metrics(greeter).statusCode()).isEqualTo(404);
        }
    }

    private static HttpResponse<String> metrics(GreeterInstance greeter) {
        URI page = URI.create("http://127.0.0.1:" + greeter.managementPort() + "/actuator/prometheus");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());
        } catch (IOException noResponse) {
            throw new AssertionError("no response from " + page, noResponse);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading " + page, interrupted);
        }
    }
}
