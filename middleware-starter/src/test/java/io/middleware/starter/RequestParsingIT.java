package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.testsupport.ConsulServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What an instance answers to bytes that are no request. */
@ExtendWith(OutputCaptureExtension.class)
class RequestParsingIT {

    /** A field of 5 bytes, of which there are none. */
    private static final byte[] MALFORMED = {0x0a, 0x05};

    private static ConsulServer consul;
    private static GreeterInstance greeter;

    private ManagedChannel channel;

    @BeforeAll
    static void start() {
        consul = ConsulServer.forgetful();
        greeter = new GreeterInstance(consul);
    }

    @AfterAll
    static void stop() {
        greeter.close();
        consul.close();
    }

    @BeforeEach
    void connect() {
        channel = NettyChannelBuilder.forAddress("127.0.0.1", greeter.grpcPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    @Test
    void malformedRequest_isTheCallersFault(CapturedOutput log) {
        Status status = refusal(HelloServiceGrpc.getSayHelloMethod(), MALFORMED);
        assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(status.getDescription())
                .startsWith("the request of hello.v1.HelloService/SayHello is not the Protobuf "
                        + "message that is expected: While parsing a protocol message");
        assertThat(greeter.greet()).as("and the next is answered").isEqualTo("World");
        assertThat(log.getAll()).doesNotContain("Exception", "\tat ");
    }

    @Test
    void malformedMessageOfAStream_endsIt(CapturedOutput log) {
        Status status = refusal(HelloServiceGrpc.getConverseMethod(), MALFORMED);
        assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        Awaitility.await("the service is told")
                .atMost(Duration.ofSeconds(5))
                .until(() -> Greeter.CONVERSATION_ENDS.contains(Status.Code.CANCELLED));
        assertThat(log.getAll()).doesNotContain("Exception", "\tat ");
    }

    @Test
    void emptyRequest_isAMessage() {
        byte[] reply = ClientCalls.blockingUnaryCall(
                channel,
                raw(HelloServiceGrpc.getSayHelloMethod()),
                CallOptions.DEFAULT,
                HelloRequest.getDefaultInstance().toByteArray());
        assertThat(new String(reply, StandardCharsets.UTF_8)).endsWith("World");
    }

    @Test
    void requestThatIsTooLarge_keepsItsStatus() {
        Status status = refusal(HelloServiceGrpc.getSayHelloMethod(), new byte[17 * 1024 * 1024]);
        assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    private Status refusal(MethodDescriptor<?, ?> method, byte[] request) {
        return catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> ClientCalls.blockingUnaryCall(
                                channel,
                                raw(method),
                                CallOptions.DEFAULT.withDeadlineAfter(Duration.ofSeconds(10)),
                                request))
                .getStatus();
    }

    private static MethodDescriptor<byte[], byte[]> raw(MethodDescriptor<?, ?> method) {
        return MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                .setType(method.getType())
                .setFullMethodName(method.getFullMethodName())
                .build();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] bytes) {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }
}
