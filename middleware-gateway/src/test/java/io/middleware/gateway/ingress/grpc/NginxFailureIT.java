package io.middleware.gateway.ingress.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.testsupport.BreakingGateway;
import io.middleware.testsupport.FreePorts;
import io.middleware.testsupport.NginxServer;
import io.middleware.testsupport.ProjectNginx;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a real Nginx with the configuration of this project tells gRPC callers when gateways fail. */
class NginxFailureIT {
    private static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    /** By 0 callers of gRPC's C core hang. */
    @Test
    void gatewayThatEndsInTheMiddleOfACall_isNoReasonToWaitForLongBeforeTheNextTry() throws IOException {
        try (BreakingGateway breaking = new BreakingGateway()) {
            StatusRuntimeException error = unavailable(breaking.port());
            assertThat(error.getStatus().getDescription()).contains("which may have run");
            assertThat(error.getTrailers().get(PUSHBACK)).isEqualTo("1");
        }
    }

    @Test
    void whereNoGatewayIsThere_noCallerIsAskedToRetryAtOnce() throws IOException {
        StatusRuntimeException error = unavailable(FreePorts.next(), FreePorts.next());
        assertThat(error.getTrailers().get(PUSHBACK)).isNull();
    }

    private static StatusRuntimeException unavailable(int... gateways) throws IOException {
        int port = FreePorts.next();
        try (NginxServer nginx = ProjectNginx.startForGrpc(FreePorts.next(), port, gateways)) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                    .usePlaintext()
                    .disableRetry()
                    .build();
            try {
                StatusRuntimeException error = catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> HelloServiceGrpc.newBlockingStub(channel).sayHello(HelloRequest.getDefaultInstance()));
                assertThat(error.getStatus().getCode()).as(nginx.log()).isEqualTo(Status.Code.UNAVAILABLE);
                return error;
            } finally {
                channel.shutdownNow();
            }
        }
    }
}
