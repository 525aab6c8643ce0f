package io.middleware.hello;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc.HelloServiceImplBase;
import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.stereotype.Service;

/** Answers greetings. Each call has a virtual thread of its own, so one that works long keeps no other waiting. */
@Service
final class HelloService extends HelloServiceImplBase {

    private final Work work;

    HelloService(Work work) {
        this.work = work;
    }

    @Override
    public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
        replies.onNext(reply(answer(request)));
        replies.onCompleted();
    }

    @Override
    public void sayHelloEverywhere(HelloRequest request, StreamObserver<HelloReply> replies) {
        ServerCallStreamObserver<HelloReply> call = (ServerCallStreamObserver<HelloReply>) replies;
        String first = answer(request);
        call.onNext(reply(first));
        Set<String> others = new LinkedHashSet<>(Greetings.worlds());
        others.remove(first);
        for (String world : others) {
            if (call.isCancelled()) {
                return;
            }
            call.onNext(reply(work.during(() -> world)));
        }
        call.onCompleted();
    }

    @Override
    public StreamObserver<HelloRequest> sayHelloTogether(StreamObserver<HelloReply> replies) {
        return new GreetingsTogether(this::answer, replies);
    }

    @Override
    public StreamObserver<HelloRequest> converse(StreamObserver<HelloReply> replies) {
        return new Conversation(this::answer, (ServerCallStreamObserver<HelloReply>) replies);
    }

    static HelloReply reply(String message) {
        return HelloReply.newBuilder().setMessage(message).build();
    }

    /** What a handler throws ends its call with that status. */
    private String answer(HelloRequest request) {
        String greeting = request.getMessage();
        String answer = Greetings.answer(greeting)
                .orElseThrow(() -> Status.INVALID_ARGUMENT
                        .withDescription(Greetings.unknown(greeting))
                        .asRuntimeException());
        return work.during(() -> answer);
    }
}
