package io.middleware.client.cli;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc.HelloServiceImplBase;
import java.io.IOException;

/** A real server that knows one greeting, and answers with the header a gateway would add. It offers no reflection. */
final class HelloServer extends HelloServiceImplBase implements AutoCloseable {

    private final Server server;
    private volatile Metadata received = new Metadata();

    private HelloServer() throws IOException {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("middleware-instance", Metadata.ASCII_STRING_MARSHALLER), "hello-service-2");
        server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(this)
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, R> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, R> call, Metadata sent, ServerCallHandler<Q, R> next) {
                        received = sent;
                        return next.startCall(call, sent);
                    }
                })
                .intercept(MetadataUtils.newAttachMetadataServerInterceptor(headers))
                .build()
                .start();
    }

    public static HelloServer start() throws IOException {
        return new HelloServer();
    }

    /** Returns a header of the last call; null if it had none of this name. */
    String header(String name) {
        return received.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }

    public String target() {
        return "127.0.0.1:" + server.getPort();
    }

    @Override
    public void sayHello(HelloRequest request, StreamObserver<HelloReply> answer) {
        if (request.getMessage().equals("Hello")) {
            answer.onNext(HelloReply.newBuilder().setMessage("World").build());
            answer.onCompleted();
        } else {
            var status = Status.INVALID_ARGUMENT.withDescription("expected Hello, got " + request.getMessage());
            answer.onError(status.asRuntimeException());
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
