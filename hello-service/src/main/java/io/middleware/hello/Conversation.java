package io.middleware.hello;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import java.util.function.Function;

/**
 * Replies to each greeting as it comes. Requests the next one only when the caller has read the replies so far: a
 * caller that writes and never reads is held up by flow control instead of filling the memory. gRPC calls all methods
 * one after another.
 */
final class Conversation implements StreamObserver<HelloRequest> {

    private final Function<HelloRequest, String> worldOf;
    private final ServerCallStreamObserver<HelloReply> replies;
    private boolean requested;

    Conversation(Function<HelloRequest, String> worldOf, ServerCallStreamObserver<HelloReply> replies) {
        this.worldOf = worldOf;
        this.replies = replies;
        replies.disableAutoRequest();
        replies.setOnReadyHandler(this::requestNext);
    }

    private void requestNext() {
        if (!requested && replies.isReady()) {
            requested = true;
            replies.request(1);
        }
    }

    @Override
    public void onNext(HelloRequest greeting) {
        requested = false;
        replies.onNext(HelloService.reply(worldOf.apply(greeting)));
        requestNext();
    }

    @Override
    public void onError(Throwable cancelled) {
        // the caller is gone, and so is the call
    }

    @Override
    public void onCompleted() {
        replies.onCompleted();
    }
}
