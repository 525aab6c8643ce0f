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

/** Replies to greetings. Each call has its own virtual thread, so a slow call delays no other. */
@Service
final class HelloService extends HelloServiceImplBase {

    private final Work work;

    HelloService(Work work) {
        this.work = work;
    }

    @Override
    public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
        replies.onNext(reply(world(request)));
        replies.onCompleted();
    }

    @Override
    public void sayHelloEverywhere(HelloRequest request, StreamObserver<HelloReply> replies) {
        ServerCallStreamObserver<HelloReply> call = (ServerCallStreamObserver<HelloReply>) replies;
        String first = world(request);
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
        return new GreetingsTogether(this::world, replies);
    }

    @Override
    public StreamObserver<HelloRequest> converse(StreamObserver<HelloReply> replies) {
        return new Conversation(this::world, (ServerCallStreamObserver<HelloReply>) replies);
    }

    static HelloReply reply(String message) {
        return HelloReply.newBuilder().setMessage(message).build();
    }

    /** Returns the world of the greeting. An exception ends the call with its status. */
    private String world(HelloRequest request) {
        String greeting = request.getMessage();
        String world = Greetings.world(greeting)
                .orElseThrow(() -> Status.INVALID_ARGUMENT
                        .withDescription(Greetings.unknown(greeting))
                        .asRuntimeException());
        return work.during(() -> world);
    }
}
