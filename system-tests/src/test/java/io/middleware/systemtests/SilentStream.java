package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import java.time.Duration;

/** A stream on which one message was sent, and then nothing for long. */
final class SilentStream {
    private static final Duration SILENCE = Duration.ofSeconds(90);

    private final Answers answers = new Answers();
    private final StreamObserver<HelloRequest> greetings;
    private final long begun = System.nanoTime();

    interface Method {
        StreamObserver<HelloRequest> start(StreamObserver<HelloReply> answers);
    }

    SilentStream(Method method) {
        greetings = method.start(answers);
        greet("Hello");
    }

    void greet(String message) {
        greetings.onNext(HelloRequest.newBuilder().setMessage(message).build());
    }

    void expect(String answer) throws InterruptedException {
        assertThat(answers.next()).isEqualTo(answer);
    }

    /** Waits until nothing was sent for long enough, and nothing has come, not even its end. */
    void staysSilent() throws InterruptedException {
        Duration left = SILENCE.minusNanos(System.nanoTime() - begun);
        assertThat(answers.staysSilentFor(left.isNegative() ? Duration.ZERO : left))
                .isTrue();
    }

    void complete() {
        greetings.onCompleted();
    }

    void awaitEnd() throws Exception {
        answers.awaitEnd();
    }
}
