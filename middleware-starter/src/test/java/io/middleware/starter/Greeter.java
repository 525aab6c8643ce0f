package io.middleware.starter;

import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc.HelloServiceImplBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** The smallest application that can be an instance. */
@SpringBootApplication(proxyBeanMethods = false)
class Greeter {

    /** How conversations ended that callers did not end in good order. */
    static final List<Status.Code> CONVERSATION_ENDS = new CopyOnWriteArrayList<>();

    @Bean
    BindableService greeting() {
        return new HelloServiceImplBase() {
            @Override
            public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
                replies.onNext(HelloReply.newBuilder().setMessage("World").build());
                replies.onCompleted();
            }

            @Override
            public StreamObserver<HelloRequest> converse(StreamObserver<HelloReply> replies) {
                return new StreamObserver<>() {
                    @Override
                    public void onNext(HelloRequest request) {
                        replies.onNext(
                                HelloReply.newBuilder().setMessage("World").build());
                    }

                    @Override
                    public void onError(Throwable broken) {
                        CONVERSATION_ENDS.add(Status.fromThrowable(broken).getCode());
                    }

                    @Override
                    public void onCompleted() {
                        replies.onCompleted();
                    }
                };
            }
        };
    }
}
