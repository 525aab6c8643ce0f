package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class CallIdInLogsTest {
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        server = ServerBuilder.forPort(0)
                .directExecutor()
                .intercept(new CallIdInLogs())
                .addService(new HealthGrpc.HealthImplBase() {
                    @Override
                    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> response) {
                        seen.add(String.valueOf(MDC.get("callId")));
                        response.onNext(HealthCheckResponse.getDefaultInstance());
                        response.onCompleted();
                    }
                })
                .build()
                .start();
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void methodRunsWithTheIdOfItsCall_andOtherCallsWithoutIt() {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("x-call-id", Metadata.ASCII_STRING_MARSHALLER), "call-1");
        HealthGrpc.HealthBlockingStub stub = HealthGrpc.newBlockingStub(channel);

        stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .check(HealthCheckRequest.getDefaultInstance());
        // on the same thread, as it is the connection's
        stub.check(HealthCheckRequest.getDefaultInstance());

        assertThat(seen).containsExactly("call-1", "null");
    }
}
