package io.middleware.hello;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import java.util.StringJoiner;
import java.util.function.Function;

/** Many greetings, one answer to all of them when the caller has said the last. */
final class GreetingsTogether implements StreamObserver<HelloRequest> {

    /** The answer to so many fits into one message of the usual 4 MB. */
    private static final int MOST = 400_000;

    private final Function<HelloRequest, String> answer;
    private final StreamObserver<HelloReply> replies;
    private final StringJoiner answers = new StringJoiner(", ");
    private int greetings;

    GreetingsTogether(Function<HelloRequest, String> answer, StreamObserver<HelloReply> replies) {
        this.answer = answer;
        this.replies = replies;
    }

    @Override
    public void onNext(HelloRequest greeting) {
        if (++greetings > MOST) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("expected at most " + MOST + " greetings")
                    .asRuntimeException();
        }
        answers.add(answer.apply(greeting));
    }

    @Override
    public void onError(Throwable cancelled) {
        // the caller wants no answer any more
    }

    @Override
    public void onCompleted() {
        if (greetings == 0) {
            onNext(HelloRequest.getDefaultInstance());
        }
        replies.onNext(HelloService.reply(answers.toString()));
        replies.onCompleted();
    }
}
