package io.middleware.hello;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The service as the application wires it, called inside of this JVM. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HelloServiceTest {

    private static ConfigurableApplicationContext application;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() {
        application = new SpringApplicationBuilder(HelloServiceApplication.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--spring.cloud.consul.enabled=false",
                        "--spring.grpc.server.inprocess.name=hello",
                        "--spring.grpc.server.port=0");
        channel = InProcessChannelBuilder.forName("hello").build();
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        application.close();
    }

    @Test
    void sayHello_answersInTheGreetingsLanguage() {
        assertThat(sayHello("Hello")).isEqualTo("World");
        assertThat(sayHello("bonjour ")).isEqualTo("Monde");
        assertThat(sayHello("")).isEqualTo("World");
    }

    @Test
    void sayHello_takesAMessageOfTwoMegabytes() {
        assertThat(sayHello(" ".repeat(2_000_000) + "Hola")).isEqualTo("Mundo");
    }

    @Test
    void sayHello_saysWhichGreetingsItKnows() {
        assertThatThrownBy(() -> sayHello("Salut")).isInstanceOfSatisfying(StatusRuntimeException.class, refused -> {
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(refused.getStatus().getDescription()).contains("'Salut'").contains("Hello, Olá, Hola");
        });
    }

    @Test
    void sayHelloEverywhere_beginsWithTheGreetingsOwnLanguage() {
        Iterator<HelloReply> replies = HelloServiceGrpc.newBlockingStub(channel).sayHelloEverywhere(request("Ciao"));
        List<String> worlds = Stream.generate(replies::next)
                .limit(7)
                .map(HelloReply::getMessage)
                .toList();
        assertThat(worlds).startsWith("Mondo", "World").doesNotHaveDuplicates().contains("Welt", "Świecie");
        assertThat(replies.hasNext()).isFalse();
    }

    @Test
    void sayHelloTogether_answersAllInOrder() {
        assertThat(together("Hello", "Hola", "Bonjour").join()).containsExactly("World, Mundo, Monde");
        assertThat(together().join()).containsExactly("World");
    }

    @Test
    void sayHelloTogether_endsAtAnUnknownGreeting() {
        assertThatThrownBy(() -> together("Hello", "Salut", "Hola").join())
                .rootCause()
                .hasMessageContaining("INVALID_ARGUMENT");
    }

    @Test
    void converse_answersEachGreetingBeforeTheNext() {
        Replies replies = new Replies();
        StreamObserver<HelloRequest> greetings =
                HelloServiceGrpc.newStub(channel).converse(replies);
        for (int turn = 1; turn <= 3; turn++) {
            greetings.onNext(request("Hallo"));
            int answered = turn;
            Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> replies.messages.size() == answered);
        }
        greetings.onCompleted();
        assertThat(replies.done.join()).containsExactly("Welt", "Welt", "Welt");
    }

    @Test
    void converse_holdsUpACallerThatNeverReads() {
        ClientCall<HelloRequest, HelloReply> call =
                channel.newCall(HelloServiceGrpc.getConverseMethod(), CallOptions.DEFAULT);
        AtomicInteger answers = new AtomicInteger();
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(HelloReply reply) {
                        answers.incrementAndGet();
                        call.request(1);
                    }
                },
                new Metadata());
        IntStream.range(0, 1_000).forEach(greeting -> call.sendMessage(request("Hello")));

        Awaitility.await()
                .during(Duration.ofMillis(200))
                .atMost(Duration.ofSeconds(5))
                .until(() -> !call.isReady());
        assertThat(answers).hasValue(0);
        call.request(1);
        Awaitility.await().atMost(Duration.ofSeconds(5)).untilAtomic(answers, equalTo(1_000));
        call.cancel("enough", null);
    }

    private static HelloRequest request(String greeting) {
        return HelloRequest.newBuilder().setMessage(greeting).build();
    }

    private static String sayHello(String greeting) {
        return HelloServiceGrpc.newBlockingStub(channel)
                .sayHello(request(greeting))
                .getMessage();
    }

    private static CompletableFuture<List<String>> together(String... greetings) {
        Replies replies = new Replies();
        StreamObserver<HelloRequest> requests =
                HelloServiceGrpc.newStub(channel).sayHelloTogether(replies);
        Stream.of(greetings).map(HelloServiceTest::request).forEach(requests::onNext);
        requests.onCompleted();
        return replies.done;
    }

    /** Collects what the server says. */
    private static final class Replies implements StreamObserver<HelloReply> {

        private final List<HelloReply> messages = new CopyOnWriteArrayList<>();
        private final CompletableFuture<List<String>> done = new CompletableFuture<>();

        @Override
        public void onNext(HelloReply reply) {
            messages.add(reply);
        }

        @Override
        public void onError(Throwable failure) {
            done.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            done.complete(messages.stream().map(HelloReply::getMessage).collect(Collectors.toList()));
        }
    }
}
