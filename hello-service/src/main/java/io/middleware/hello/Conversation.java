package io.middleware.hello;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import java.util.function.Function;

/**
 * Answers each greeting as it comes. It asks for the next one only when the caller has taken the answers so far: who
 * writes and never reads is held up by flow control instead of filling the memory. All methods run one after the other,
 * as gRPC promises.
 */
final class Conversation implements StreamObserver<HelloRequest> {

    private final Function<HelloRequest, String> answer;
    private final ServerCallStreamObserver<HelloReply> replies;
    private boolean asked;

    Conversation(Function<HelloRequest, String> answer, ServerCallStreamObserver<HelloReply> replies) {
        this.answer = answer;
        this.replies = replies;
        replies.disableAutoRequest();
        replies.setOnReadyHandler(this::askForNext);
    }

    private void askForNext() {
        if (!asked && replies.isReady()) {
            asked = true;
            replies.request(1);
        }
    }

    @Override
    public void onNext(HelloRequest greeting) {
        asked = false;
        replies.onNext(HelloService.reply(answer.apply(greeting)));
        askForNext();
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
