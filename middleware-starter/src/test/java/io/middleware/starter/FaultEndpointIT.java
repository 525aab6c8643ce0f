package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.middleware.testsupport.ConsulServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Faults as they are switched from outside. */
class FaultEndpointIT {

    private static ConsulServer consul;

    @BeforeAll
    static void startConsul() {
        consul = ConsulServer.forgetful();
    }

    @AfterAll
    static void stopConsul() {
        consul.close();
    }

    @Test
    void fault_isPutInForceAndEndedOnTheManagementPort() throws Exception {
        try (GreeterInstance greeter = new GreeterInstance(consul, "middleware.faults.enabled=true")) {
            assertThat(fault(greeter, "unavailable").body()).isEqualTo("{\"mode\":\"unavailable\"}");
            assertThatThrownBy(greeter::greet).hasMessage("UNAVAILABLE: on purpose: fault unavailable");

            HttpResponse<String> wrong = fault(greeter, "broken");
            assertThat(wrong.statusCode()).isEqualTo(400);
            assertThat(wrong.body())
                    .startsWith("{\"message\":\"fault: 'broken' (expected: none, unavailable, slow=DURATION");
            assertThatThrownBy(greeter::greet).as("what was in force stays").hasMessageContaining("fault unavailable");

            fault(greeter, "none");
            assertThat(greeter.greet()).isEqualTo("World");
        }
    }

    @Test
    void faults_areNotThereUnlessAskedFor() throws Exception {
        try (GreeterInstance greeter = new GreeterInstance(consul)) {
            assertThat(fault(greeter, "unavailable").statusCode()).isEqualTo(404);
            assertThat(greeter.greet()).isEqualTo("World");
        }
    }

    private static HttpResponse<String> fault(GreeterInstance greeter, String mode)
            throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:" + greeter.managementPort() + "/actuator/fault"))
                            .header("content-type", "application/json")
                            .POST(BodyPublishers.ofString("{\"mode\":\"" + mode + "\"}"))
                            .build(),
                    BodyHandlers.ofString());
        }
    }
}
