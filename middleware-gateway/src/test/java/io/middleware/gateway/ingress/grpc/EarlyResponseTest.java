package io.middleware.gateway.ingress.grpc;

import static io.middleware.gateway.RawFrames.DATA;
import static io.middleware.gateway.RawFrames.END_STREAM;
import static io.middleware.gateway.RawFrames.HEADERS;
import static io.middleware.gateway.RawFrames.RESET;
import static io.middleware.gateway.RawFrames.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.gateway.IgnoredMessages;
import io.middleware.gateway.RawFrames;
import io.middleware.gateway.RawFrames.Frame;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that end before all of the request has come, as a proxy in front sees them: by the frames it gets. */
@Timeout(20)
class EarlyResponseTest {
    private static final int WINDOW = 65_535;
    private static final byte[] INCREMENT = {0, 16, 0, 0};
    private static final String SERVICE = "/" + GatewayHarness.SERVICE + "/";
    private static final String SAY_HELLO = SERVICE + "SayHello";

    private final GatewayHarness gateway = new GatewayHarness();
    private RawFrames caller;

    @BeforeEach
    void connect() throws IOException {
        caller = RawFrames.callerOf(gateway.server().port());
    }

    @AfterEach
    void stop() throws IOException {
        caller.close();
        gateway.close();
    }

    @Test
    void restOfTheRequest_isDropped_andResetsNothing() throws Exception {
        open(1, SAY_HELLO);
        assertThat(next().ends()).as("ended: no instance serves it").isTrue();

        write(DATA, END_STREAM, 1, new byte[5]);

        // frames come in order: a reset of the first stream would be here before the response on the second
        open(3, SAY_HELLO);
        assertThat(next()).matches(frame -> frame.stream() == 3 && frame.ends());
    }

    /** Only other protocols have their status in the body, so that its end may wait. */
    @Test
    void callByGrpc_endsAtOnce_whateverItAsksFor() throws Exception {
        caller.headers(
                1,
                new DefaultHttp2Headers()
                        .method("POST")
                        .scheme("http")
                        .authority("a")
                        .path(SAY_HELLO)
                        .set("content-type", "application/grpc+proto")
                        .set("middleware-await-request", "yes"),
                false);
        caller.flush();

        assertThat(next().ends()).isTrue();
    }

    @Test
    void requestThatDoesNotEnd_isResetAfterAMoment() throws Exception {
        open(1, SAY_HELLO);
        assertThat(next().ends()).isTrue();

        write(DATA, 0, 1, new byte[5]);

        assertThat(next())
                .matches(frame -> frame.stream() == 1 && frame.type() == RESET)
                .extracting(Frame::payload)
                .as("NO_ERROR")
                .isEqualTo(new byte[4]);
    }

    @Test
    void responseThatWaitsForItsReader_isReadToItsEnd() throws Exception {
        Server server = NettyServerBuilder.forPort(0)
                .addService(new EndsEarly())
                .build()
                .start();
        try {
            gateway.register("one", server.getPort(), Pool.PRIMARY, GatewayHarness.SERVICE);
            open(1, SERVICE + "Converse");
            int read = 0;
            while (read < WINDOW) {
                read += any(DATA).payload().length;
            }

            assertThat(caller.read(Duration.ofMillis(2_500)))
                    .as("longer than the rest of a request may take")
                    .isNull();
            write(WINDOW_UPDATE, 0, 0, INCREMENT);
            write(WINDOW_UPDATE, 0, 1, INCREMENT);

            assertThat(next()).matches(frame -> frame.stream() == 1 && frame.ends());
            assertThat(next()).as("then").matches(frame -> frame.stream() == 1 && frame.type() == RESET);
        } finally {
            server.shutdownNow();
        }
    }

    /** Responds before it has read a message, with more than a caller's first window. */
    private static final class EndsEarly extends HelloServiceGrpc.HelloServiceImplBase {
        @Override
        public StreamObserver<HelloRequest> converse(StreamObserver<HelloReply> replies) {
            replies.onNext(HelloReply.newBuilder()
                    .setMessage("x".repeat(WINDOW + WINDOW / 4))
                    .build());
            replies.onCompleted();
            return new IgnoredMessages<>();
        }
    }

    private void open(int stream, String path) throws IOException {
        caller.call(stream, path, false);
        caller.flush();
    }

    private void write(int type, int flags, int stream, byte[] payload) throws IOException {
        caller.write(type, flags, stream, payload);
        caller.flush();
    }

    /** The next one that concerns a call. */
    private Frame next() {
        return any(HEADERS, RESET);
    }

    private Frame any(Integer... types) {
        Frame frame;
        do {
            frame = caller.read();
            assertThat(frame).as("the connection is open").isNotNull();
        } while (!List.of(types).contains(frame.type()));
        return frame;
    }
}
