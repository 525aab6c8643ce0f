package io.middleware.gateway.ended;

import static io.middleware.gateway.GatewayHarness.SERVICE;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.middleware.core.MethodTraits;
import io.middleware.core.MethodTraits.Idempotency;
import io.middleware.core.Settings;
import io.middleware.core.instance.Pool;
import io.middleware.core.record.CallListener;
import io.middleware.gateway.GatewayHarness;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Makes calls through a gateway on real sockets, whose ends a listener gets. */
public final class Calls implements AutoCloseable {
    public static final String SAY_HELLO = "/" + SERVICE + "/SayHello";

    private static final Metadata.Key<String> CALL_ID = Metadata.Key.of("x-call-id", Metadata.ASCII_STRING_MARSHALLER);

    private final GatewayHarness gateway = new GatewayHarness(withoutHedges(Settings.defaults()));
    private final List<Server> servers = new ArrayList<>();

    /** {@code listener}: gets the calls' ends. */
    public Calls(CallListener listener) {
        gateway.listen(listener);
    }

    /** On a busy machine the first calls are slow. */
    private static Settings withoutHedges(Settings s) {
        Duration late = Duration.ofSeconds(10);
        return new Settings(
                s.unaryDeadline(),
                s.attempts(),
                s.firstBackOff(),
                s.budget(),
                s.replay(),
                s.ejection(),
                new Settings.Hedge(late, Duration.ofMillis(10), late),
                s.silence(),
                s.limit());
    }

    /** Returns the gateway, to which instances can be added. */
    public GatewayHarness gateway() {
        return gateway;
    }

    /** Adds a server that always responds so. */
    public void serve(String id, Status status) throws IOException {
        Server server = ServerBuilder.forPort(0)
                .addService(new HelloServiceGrpc.HelloServiceImplBase() {
                    @Override
                    public void sayHello(HelloRequest request, StreamObserver<HelloReply> response) {
                        if (status.isOk()) {
                            response.onNext(
                                    HelloReply.newBuilder().setMessage("World").build());
                            response.onCompleted();
                        } else {
                            response.onError(status.asRuntimeException());
                        }
                    }
                })
                .build()
                .start();
        servers.add(server);
        gateway.register(id, server.getPort(), Pool.PRIMARY, SERVICE);
        gateway.describe(SAY_HELLO, new MethodTraits(true, Idempotency.NO_SIDE_EFFECTS));
    }

    /** Makes one call, however it ends. */
    public void call(String id) {
        Metadata headers = new Metadata();
        headers.put(CALL_ID, id);
        try {
            HelloServiceGrpc.newBlockingStub(gateway.channel())
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .withDeadlineAfter(Duration.ofSeconds(10))
                    .sayHello(HelloRequest.newBuilder().setMessage("secret").build());
        } catch (StatusRuntimeException expected) {
            // the listener gets it
        }
    }

    @Override
    public void close() {
        gateway.close();
        servers.forEach(Server::shutdownNow);
    }
}
