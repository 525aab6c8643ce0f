package io.middleware.gateway.ingress.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that end before all of the request has come, as a proxy in front sees them: by the frames it gets. */
@Timeout(20)
class EarlyResponseTest {

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int SETTINGS = 4;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int WINDOW = 65_535;
    private static final byte[] INCREMENT = {0, 16, 0, 0};

    private final GatewayHarness gateway = new GatewayHarness();
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private Socket socket;
    private DataOutputStream out;
    private DataInputStream in;

    private record Frame(int type, int flags, int stream, byte[] payload) {
        boolean ends() {
            return type == HEADERS && (flags & END_STREAM) != 0;
        }
    }

    @BeforeEach
    void connect() throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), gateway.server().port());
        out = new DataOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
        out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
        write(SETTINGS, 0, 0, new byte[0]);
    }

    @AfterEach
    void stop() throws IOException {
        socket.close();
        encoder.close();
        gateway.close();
    }

    @Test
    void restOfTheRequest_isDropped_andResetsNothing() throws Exception {
        open(1);
        assertThat(next().ends()).as("ended: no instance serves it").isTrue();

        write(DATA, END_STREAM, 1, new byte[5]);

        // frames come in order: a reset of the first stream would be here before the response on the second
        open(3);
        assertThat(next()).matches(frame -> frame.stream == 3 && frame.ends());
    }

    /** Only other protocols have their status in the body, so that its end may wait. */
    @Test
    void callByGrpc_endsAtOnce_whateverItAsksFor() throws Exception {
        open(1, "SayHello", "application/grpc+proto", "middleware-await-request", "yes");

        assertThat(next().ends()).isTrue();
    }

    @Test
    void requestThatDoesNotEnd_isResetAfterAMoment() throws Exception {
        open(1);
        assertThat(next().ends()).isTrue();

        write(DATA, 0, 1, new byte[5]);

        assertThat(next())
                .matches(frame -> frame.stream == 1 && frame.type == RESET)
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
            open(1, "Converse");
            int read = 0;
            while (read < WINDOW) {
                read += any(DATA).payload.length;
            }

            // longer than the rest of a request may take
            socket.setSoTimeout(2_500);
            assertThatThrownBy(this::next).isInstanceOf(SocketTimeoutException.class);
            socket.setSoTimeout(10_000);
            write(WINDOW_UPDATE, 0, 0, INCREMENT);
            write(WINDOW_UPDATE, 0, 1, INCREMENT);

            assertThat(next()).matches(frame -> frame.stream == 1 && frame.ends());
            assertThat(next()).as("then").matches(frame -> frame.stream == 1 && frame.type == RESET);
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
            return new IgnoredRequests();
        }
    }

    private static final class IgnoredRequests implements StreamObserver<HelloRequest> {
        @Override
        public void onNext(HelloRequest value) {}

        @Override
        public void onError(Throwable t) {}

        @Override
        public void onCompleted() {}
    }

    private void open(int stream) throws IOException, Http2Exception {
        open(stream, "SayHello");
    }

    private void open(int stream, String method) throws IOException, Http2Exception {
        open(stream, method, "application/grpc", "te", "trailers");
    }

    private void open(int stream, String method, String contentType, String name, String value)
            throws IOException, Http2Exception {
        ByteBuf block = Unpooled.buffer();
        encoder.encodeHeaders(
                stream,
                new DefaultHttp2Headers()
                        .method("POST")
                        .scheme("http")
                        .authority("a")
                        .path("/" + GatewayHarness.SERVICE + "/" + method)
                        .set("content-type", contentType)
                        .set(name, value),
                block);
        write(HEADERS, END_HEADERS, stream, ByteBufUtil.getBytes(block));
        block.release();
    }

    private void write(int type, int flags, int stream, byte[] payload) throws IOException {
        out.write(payload.length >> 16);
        out.writeShort(payload.length);
        out.write(type);
        out.write(flags);
        out.writeInt(stream);
        out.write(payload);
        out.flush();
    }

    /** The next one that concerns a call. */
    private Frame next() throws IOException {
        return any(HEADERS, RESET);
    }

    private Frame any(Integer... types) throws IOException {
        Frame frame;
        do {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            frame = new Frame(in.readUnsignedByte(), in.readUnsignedByte(), in.readInt(), in.readNBytes(length));
        } while (!List.of(types).contains(frame.type));
        return frame;
    }
}
