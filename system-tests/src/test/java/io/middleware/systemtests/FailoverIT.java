package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a caller sees while servers and gateways die: an answer, and at the very end a clear word. */
@ExtendWith(RunningStack.class)
class FailoverIT {

    private static final List<String> PRIMARIES = List.of("hello-service-1", "hello-service-2", "hello-service-3");

    private final Stack stack;

    FailoverIT(Stack stack) {
        this.stack = stack;
    }

    @AfterEach
    void everythingRunsAgain() {
        stack.up();
    }

    @Test
    void serversKilledOneAfterTheOther_otherPrimariesThenTheSecondaryAnswer_thenAnErrorNamesAll_andItHealsByItself() {
        stack.runs("kill", "hello-service-1");
        for (int call = 1; call <= 200; call++) {
            HttpResponse<String> answer = stack.get("/hello");
            assertThat(answer.statusCode())
                    .as("call %d: %s", call, answer.body())
                    .isEqualTo(200);
            assertThat(answer.headers().firstValue("middleware-fallback"))
                    .as("call %d", call)
                    .isEmpty();
        }

        stack.runs("kill", "hello-service-2");
        stack.runs("kill", "hello-service-3");
        assertThatTheSecondaryAnswers();

        stack.runs("kill", "hello-secondary-1");
        assertThatAnErrorNamesAll();

        stack.runs("start", "hello-secondary-1");
        PRIMARIES.forEach(name -> stack.runs("start", name));
        Awaitility.await("a primary answers").atMost(Duration.ofSeconds(10)).until(() -> {
            HttpResponse<String> answer = stack.get("/hello");
            return answer.statusCode() == 200
                    && answer.headers().firstValue("middleware-fallback").isEmpty();
        });
    }

    private void assertThatTheSecondaryAnswers() {
        for (int call = 1; call <= 50; call++) {
            HttpResponse<String> answer = stack.get("/hello");
            assertThat(answer.body()).as("call %d", call).contains("World");
            assertThat(answer.headers().firstValue("middleware-fallback"))
                    .as("call %d", call)
                    .contains("secondary");
            assertThat(answer.headers().firstValue("middleware-instance"))
                    .as("call %d", call)
                    .contains("hello-secondary-1");
        }
        try (Caller caller = new Caller()) {
            assertThat(caller.sayHello("Hello")).isEqualTo("World");
            assertThat(caller.lastHeader("middleware-fallback")).isEqualTo("secondary");
        }
    }

    private void assertThatAnErrorNamesAll() {
        for (int call = 1; call <= 5; call++) {
            long begun = System.nanoTime();
            HttpResponse<String> answer = stack.get("/hello");
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("call %d", call)
                    .isLessThan(Stack.MODE.limitForAllDead());
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body())
                    .contains("\"unavailable\"")
                    .contains(PRIMARIES)
                    .contains("hello-secondary-1");
        }
        try (Caller caller = new Caller()) {
            StatusRuntimeException error =
                    Assertions.catchThrowableOfType(StatusRuntimeException.class, () -> caller.sayHello("Hello"));
            assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(error.getStatus().getDescription()).contains(PRIMARIES).contains("hello-secondary-1");
        }
    }

    @Test
    void oneGatewayKilled_everyCallIsAnswered() {
        stack.runs("kill", "gateway-1");
        try (Caller caller = new Caller()) {
            for (int call = 1; call <= 100; call++) {
                assertThat(stack.get("/hello").statusCode())
                        .as("HTTP call %d", call)
                        .isEqualTo(200);
                assertThat(caller.sayHello("Hello")).as("gRPC call %d", call).isEqualTo("World");
            }
        }
    }

    @Test
    void frozenGateway_getMovesToTheOtherAfterItsPatience() {
        stack.runs("pause", "gateway-1");
        for (int call = 1; call <= 6; call++) {
            long begun = System.nanoTime();
            HttpResponse<String> answer = stack.get("/hello");
            assertThat(answer.statusCode())
                    .as("call %d: %s", call, answer.body())
                    .isEqualTo(200);
            assertThat(answer.headers().firstValue("middleware-gateway"))
                    .as("call %d", call)
                    .contains("gateway-2");
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("call %d", call)
                    .isLessThan(Duration.ofSeconds(7));
        }
    }

    @Test
    void noGateway_nginxSaysSoInTheCallersLanguage() {
        stack.runs("kill", "gateway-1");
        stack.runs("kill", "gateway-2");
        HttpResponse<String> answer = stack.get("/hello");
        // 504 where not even the address is there any more, and nobody refuses
        assertThat(answer.statusCode()).isIn(502, 504);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body()).contains("\"status\":" + answer.statusCode()).contains("gateway could be reached");
        try (Caller caller = new Caller()) {
            StatusRuntimeException error =
                    Assertions.catchThrowableOfType(StatusRuntimeException.class, () -> caller.sayHello("Hello"));
            assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(error.getStatus().getDescription()).contains("no gateway could be reached", "may have run");
        }
    }
}
