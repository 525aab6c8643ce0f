package io.middleware.hello;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import java.util.StringJoiner;
import java.util.function.Function;

/** Replies to many greetings with one message, when the caller has sent the last. */
final class GreetingsTogether implements StreamObserver<HelloRequest> {

    /** The reply to this many fits into one message of the usual 4 MB. */
    private static final int MAX_GREETINGS = 400_000;

    private final Function<HelloRequest, String> worldOf;
    private final StreamObserver<HelloReply> replies;
    private final StringJoiner worlds = new StringJoiner(", ");
    private int greetings;

    GreetingsTogether(Function<HelloRequest, String> worldOf, StreamObserver<HelloReply> replies) {
        this.worldOf = worldOf;
        this.replies = replies;
    }

    @Override
    public void onNext(HelloRequest greeting) {
        if (++greetings > MAX_GREETINGS) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("expected at most " + MAX_GREETINGS + " greetings")
                    .asRuntimeException();
        }
        worlds.add(worldOf.apply(greeting));
    }

    @Override
    public void onError(Throwable cancelled) {
        // the caller no longer waits for the reply
    }

    @Override
    public void onCompleted() {
        if (greetings == 0) {
            onNext(HelloRequest.getDefaultInstance());
        }
        replies.onNext(HelloService.reply(worlds.toString()));
        replies.onCompleted();
    }
}
