package io.middleware.gateway.ingress.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.middleware.core.Call;
import io.middleware.core.Caller;
import io.middleware.core.Chunk;
import io.middleware.core.Failure;
import io.middleware.core.Headers;
import io.middleware.core.OngoingCall;
import io.middleware.core.Settings;
import io.middleware.core.Timers;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.directory.Directory;
import io.middleware.core.instance.Instance;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.reflection.CatalogWatch;
import io.middleware.gateway.schema.MessageFrames;
import io.middleware.gateway.schema.Schema;
import io.middleware.gateway.transport.NettyChunk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** How calls that the gateway responds to itself read requests, and heed their callers; without sockets. */
class LocalCallTest {
    private static final String REFLECTION = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    private static final String CHECK = "/grpc.health.v1.Health/Check";

    private final Queue<Runnable> later = new ArrayDeque<>();
    private final Recorder caller = new Recorder();
    private final Http2Headers headers = new DefaultHttp2Headers(false);
    private final LocalServices services;

    LocalCallTest() {
        Directory directory =
                new Directory(service -> new PowerOfTwoChoices(), Instance::new, Settings.defaults(), System::nanoTime);
        services = new LocalServices(
                call -> null,
                directory,
                new CatalogWatch(directory, () -> Schema.EMPTY)::catalog,
                () -> true,
                System::nanoTime);
    }

    /** What a caller gets. */
    private static final class Recorder implements Caller {
        private final ByteBuf bytes = Unpooled.buffer();
        private final List<String> ends = new ArrayList<>();
        private int chunks;
        private int writabilityChanges;

        @Override
        public void onHeaders(Headers headers) {
            assertThat(ends).isEmpty();
        }

        @Override
        public void onChunk(Chunk chunk) {
            assertThat(ends).isEmpty();
            chunks++;
            bytes.writeBytes(((NettyChunk) chunk).bytes());
            chunk.release();
        }

        @Override
        public void onTrailers(Headers trailers) {
            ends.add(trailers.code()
                    + trailers.message()
                    + (trailers.get("grpc-accept-encoding") == null ? "" : trailers.get("grpc-accept-encoding")));
        }

        @Override
        public void onFailure(Failure failure) {
            ends.add(failure.code() + ": " + failure.message());
        }

        @Override
        public void onWritabilityChanged() {
            writabilityChanges++;
        }
    }

    private OngoingCall start(String path) {
        Timers timers = (task, delay) -> {
            later.add(task);
            return () -> later.remove(task);
        };
        return services.start(new Call(path, new NettyHeaders(headers), Call.NO_DEADLINE, false, caller, timers));
    }

    private void runLater() {
        while (!later.isEmpty()) {
            later.remove().run();
        }
    }

    private static byte[] requests(int count) {
        ByteBuf all = Unpooled.buffer();
        for (int i = 0; i < count; i++) {
            all.writeBytes(MessageFrames.frame(ServerReflectionRequest.newBuilder()
                    .setFileContainingSymbol(i % 3 == 0 ? "no.Such" + i : "google.rpc.ErrorInfo")
                    .build()));
        }
        return ByteBufUtil.getBytes(all);
    }

    private static NettyChunk chunk(byte... bytes) {
        return new NettyChunk(Unpooled.wrappedBuffer(bytes));
    }

    /** {@code flag} and the length before the bytes. */
    private static NettyChunk frame(int flag, byte[] bytes) {
        return new NettyChunk(
                Unpooled.buffer().writeByte(flag).writeInt(bytes.length).writeBytes(bytes));
    }

    @RepeatedTest(20)
    void chunks_mayBeCutAnywhere(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        byte[] requests = requests(7);
        OngoingCall call = start(REFLECTION);
        for (int at = 0; at < requests.length; ) {
            int size = Math.min(requests.length - at, random.nextInt(40));
            call.send(new NettyChunk(Unpooled.wrappedBuffer(requests, at, size)), at + size == requests.length);
            at += size;
        }
        runLater();

        assertThat(caller.chunks).isEqualTo(7);
        assertThat(caller.ends).containsExactly("OK");
    }

    @Test
    void whileTheCallerWantsNothing_nothingIsSent_andTheRequestStops() {
        OngoingCall call = start(REFLECTION);
        call.wantMore(false);
        call.send(chunk(requests(5)), false);
        assertThat(caller.chunks).isZero();
        assertThat(call.writable()).isFalse();
        call.wantMore(true);
        runLater();

        assertThat(caller.chunks).isEqualTo(5);
        assertThat(call.writable()).isTrue();
        assertThat(caller.writabilityChanges).isEqualTo(1);
    }

    /** Many small requests for large responses in one chunk do not hold up the other calls of the event loop. */
    @Test
    void muchWork_isDoneInTurns() {
        OngoingCall call = start(REFLECTION);
        call.send(chunk(requests(3000)), true);
        assertThat(caller.chunks).isBetween(1, 200);
        runLater();

        assertThat(caller.chunks).isEqualTo(3000);
        assertThat(caller.ends).containsExactly("OK");
    }

    @Test
    void afterACancellation_nothingComes() {
        OngoingCall call = start(REFLECTION);
        call.send(chunk(requests(3000)), false);
        int before = caller.chunks;
        call.cancel();
        call.send(chunk(requests(1)), true);
        runLater();

        assertThat(caller.chunks).isEqualTo(before);
        assertThat(caller.ends).isEmpty();
    }

    @Test
    void aTooLargeMessage_isRefused_byItsLengthAlone() {
        start(CHECK).send(chunk((byte) 0, (byte) 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff), false);

        assertThat(caller.ends)
                .containsExactly("RESOURCE_EXHAUSTED: a message has 2147483647 bytes (expected: at most 65536 bytes)");
    }

    @Test
    void aMessageThatIsLargeOnceDecompressed_isRefused() throws IOException {
        headers.set("grpc-encoding", "gzip");
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            gzip.write(new byte[10 << 20]);
        }
        start(CHECK).send(frame(1, bomb.toByteArray()), true);

        assertThat(caller.ends).singleElement().asString().startsWith("RESOURCE_EXHAUSTED");
    }

    @Test
    void anUnknownEncoding_isRefused_withTheKnownOnes() {
        headers.set("grpc-encoding", "br");
        start(CHECK).send(frame(1, new byte[3]), true);

        assertThat(caller.ends)
                .containsExactly("UNIMPLEMENTEDunknown grpc-encoding: br (expected: identity,gzip)identity,gzip");
    }

    @Test
    void otherThanOneMessage_isRefusedWhereOneIsExpected() {
        OngoingCall call = start(CHECK);
        call.halfClose();

        assertThat(caller.ends).containsExactly("UNIMPLEMENTED: the request has 0 messages (expected: one)");
    }

    @Test
    void aMessageOfAnotherType_isRefused() {
        start(CHECK).send(frame(0, new byte[] {(byte) 0xff}), true);

        assertThat(caller.ends)
                .singleElement()
                .asString()
                .startsWith("INVALID_ARGUMENT: a message is not the one that " + CHECK + " expects");
    }

    /** Whatever is sent, there is one end, and nothing is thrown. */
    @RepeatedTest(5)
    void randomBytes_getOneEnd(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < 2000; i++) {
            caller.ends.clear();
            headers.clear();
            if (random.nextInt(3) == 0) {
                headers.set("grpc-encoding", random.nextBoolean() ? "gzip" : "identity");
            }
            OngoingCall call = start(random.nextBoolean() ? REFLECTION : CHECK);
            byte[] bytes = random.nextBoolean() ? new byte[random.nextInt(60)] : mutated(random);
            if (random.nextInt(4) == 0) {
                random.nextBytes(bytes);
            }
            call.send(chunk(bytes), false);
            call.wantMore(random.nextBoolean());
            call.halfClose();
            call.wantMore(true);
            runLater();
            assertThat(caller.ends).as(ByteBufUtil.hexDump(bytes)).hasSize(1);
        }
    }

    private static byte[] mutated(Random random) {
        ByteString name =
                HealthCheckRequest.newBuilder().setService("a").build().toByteString();
        byte[] bytes = random.nextBoolean()
                ? requests(1 + random.nextInt(3))
                : ByteBufUtil.getBytes(MessageFrames.frame(name.toByteArray()));
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        return bytes;
    }
}
