package io.middleware.starter;

import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc.HelloServiceImplBase;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** The smallest application that can be an instance. */
@SpringBootApplication(proxyBeanMethods = false)
class Greeter {

    @Bean
    BindableService greeting() {
        return new HelloServiceImplBase() {
            @Override
            public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
                replies.onNext(HelloReply.newBuilder().setMessage("World").build());
                replies.onCompleted();
            }
        };
    }
}
