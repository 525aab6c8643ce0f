package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What Nginx's defaults would cut: large messages, many streams, many calls, odd names. */
@ExtendWith(RunningStack.class)
class MessagesIT {

    private static final int TWO_MB = 2_000_000;

    private final Stack stack;

    MessagesIT(Stack stack) {
        this.stack = stack;
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void messageOfTwoMegabytes_passesByGrpc() {
        try (Caller caller = new Caller()) {
            assertThat(caller.sayHello("Hello" + " ".repeat(TWO_MB))).isEqualTo("World");
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void messageOfTwoMegabytes_passesByHttp() {
        HttpResponse<String> answer =
                stack.post("/hello.v1.HelloService/SayHello", "{\"message\":\"Hola" + " ".repeat(TWO_MB) + "\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("Mundo");
    }

    @RepeatedTest(3)
    @Execution(ExecutionMode.CONCURRENT)
    void thousandStreamsAtOnce_areAllAnswered() throws Exception {
        try (Caller caller = new Caller()) {
            List<Answers> answers = new ArrayList<>();
            List<StreamObserver<HelloRequest>> streams = new ArrayList<>();
            for (int stream = 0; stream < 1_000; stream++) {
                answers.add(new Answers());
                streams.add(caller.async().converse(answers.getLast()));
                streams.getLast().onNext(greeting("Hello"));
            }
            for (Answers each : answers) {
                assertThat(each.next()).isEqualTo("World");
            }
            streams.forEach(StreamObserver::onCompleted);
            for (Answers each : answers) {
                each.awaitEnd();
            }
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void tenThousandCallsOnOneConnection_areAllAnswered() {
        try (Caller caller = new Caller()) {
            for (int call = 1; call <= 10_000; call++) {
                assertThat(caller.sayHello("Hello")).as("call %d", call).isEqualTo("World");
            }
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void uploadOfManyMessages_isNotBoundAsOneBody() throws Exception {
        try (Caller caller = new Caller()) {
            Answers answers = new Answers();
            StreamObserver<HelloRequest> greetings = caller.async().sayHelloTogether(answers);
            for (int message = 0; message < 20; message++) {
                greetings.onNext(greeting("Hello" + " ".repeat(1_000_000)));
            }
            greetings.onCompleted();
            assertThat(answers.next()).startsWith("World, World");
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void answerOfAGateway_keepsItsHeaders() {
        HttpResponse<String> answer = stack.get("/hello", "x-call-id", "a-call");
        assertThat(answer.headers().firstValue("middleware-instance").orElseThrow())
                .startsWith("hello-service-");
        assertThat(answer.headers().firstValue("middleware-gateway").orElseThrow())
                .startsWith("gateway-");
        assertThat(answer.headers().firstValue("middleware-attempts").orElseThrow())
                .as("more on a busy machine")
                .matches("[1-9]");
        try (Caller caller = new Caller()) {
            caller.sayHello("Hello");
            assertThat(caller.lastHeader("middleware-instance")).startsWith("hello-service-");
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void unknownPath_isAProblemOfTheGateway() {
        HttpResponse<String> answer = stack.get("/no/such/path");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
        assertThat(answer.body()).contains("\"status\":404");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void actuator_isNotReachedThroughNginx() {
        assertThat(stack.get("/actuator/health").statusCode()).isEqualTo(404);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void bodyThatIsTooLarge_isAProblemOfNginx() {
        HttpResponse<String> answer = stack.post("/hello.v1.HelloService/SayHello", " ".repeat(17_000_000));
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body()).contains("\"status\":413");
    }

    private static HelloRequest greeting(String message) {
        return HelloRequest.newBuilder().setMessage(message).build();
    }
}
