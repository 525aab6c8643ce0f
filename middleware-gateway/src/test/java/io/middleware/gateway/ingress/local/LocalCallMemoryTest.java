package io.middleware.gateway.ingress.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Call;
import io.middleware.core.Caller;
import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.Headers;
import io.middleware.gateway.AllocatedBytes;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.transport.NettyChunk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What a call holds of its request before the method takes it. */
class LocalCallMemoryTest {
    private static final int COUNT = 1000;

    private final Queue<Runnable> later = new ArrayDeque<>();
    private final List<Integer> taken = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();

    /** Drops responses. */
    private final class Ends implements Caller {
        @Override
        public void onHeaders(Headers headers) {}

        @Override
        public void onChunk(Chunk chunk) {
            chunk.release();
        }

        @Override
        public void onTrailers(Headers trailers) {
            ends.add(String.valueOf(trailers.code()));
        }

        @Override
        public void onFailure(Failure failure) {
            ends.add(failure.code() + ": " + failure.message());
        }

        @Override
        public void onWritabilityChanged() {}
    }

    /** Takes messages. */
    private record Sizes(LocalCall call, List<Integer> taken) implements LocalMethod {
        @Override
        public void onRequest(byte[] message) {
            taken.add(message.length);
        }

        @Override
        public void onComplete() {
            call.complete();
        }
    }

    private LocalCall start() {
        NettyHeaders headers = new NettyHeaders(new DefaultHttp2Headers(false).set("grpc-encoding", "gzip"));
        LocalCall call = new LocalCall(
                new Call("/a/b", headers, Call.NO_DEADLINE, false, new Ends(), (task, delay) -> {
                    later.add(task);
                    return () -> later.remove(task);
                }),
                ended -> {});
        call.start(started -> new Sizes(started, taken), 0);
        return call;
    }

    private void runLater() {
        while (!later.isEmpty()) {
            later.remove().run();
        }
    }

    private static ByteBuf zipped(int size) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(new byte[size]);
        }
        return Unpooled.buffer().writeByte(1).writeInt(bytes.size()).writeBytes(bytes.toByteArray());
    }

    private static ByteBuf repeated(ByteBuf frame) {
        ByteBuf all = Unpooled.buffer();
        for (int i = 0; i < COUNT; i++) {
            all.writeBytes(frame.duplicate());
        }
        return all;
    }

    @Test
    void anAnnouncedLength_allocatesNothing() {
        ByteBuf prefix = Unpooled.buffer().writeByte(0).writeInt(RequestReader.LARGEST);
        List<LocalCall> begun = new ArrayList<>();
        long allocated = AllocatedBytes.by(() -> {
            for (int i = 0; i < COUNT; i++) {
                LocalCall call = start();
                call.send(new NettyChunk(prefix.retainedDuplicate()), false);
                begun.add(call);
            }
        });

        assertThat(begun).hasSize(COUNT).allMatch(LocalCall::writable);
        assertThat(allocated / COUNT).isLessThan(8 << 10);
    }

    @Test
    void messagesThatWait_areHeldAsTheyCame() throws IOException {
        ByteBuf requests = repeated(zipped(RequestReader.LARGEST));
        int size = requests.readableBytes();
        LocalCall call = start();
        call.wantMore(false);
        long allocated = AllocatedBytes.by(() -> call.send(new NettyChunk(requests), true));

        assertThat(allocated).isLessThan(2L * size);
        assertThat(call.writable()).isFalse();
        call.wantMore(true);
        runLater();
        assertThat(taken).hasSize(COUNT).containsOnly(RequestReader.LARGEST);
        assertThat(ends).containsExactly("OK");
    }

    @Test
    void emptyMessagesThatWait_areHeldAsTheyCame() {
        ByteBuf requests = repeated(Unpooled.wrappedBuffer(new byte[5]));
        LocalCall call = start();
        call.wantMore(false);
        long allocated = AllocatedBytes.by(() -> call.send(new NettyChunk(requests), true));

        assertThat(allocated).isLessThan(3L * 5 * COUNT);
        call.wantMore(true);
        assertThat(taken).hasSize(COUNT).containsOnly(0);
    }

    /** Requests that unzip to much do not hold up the other calls of the event loop. */
    @Test
    void messagesThatBecomeLarge_areTakenInTurns() throws IOException {
        LocalCall call = start();
        call.send(new NettyChunk(repeated(zipped(RequestReader.LARGEST))), true);

        assertThat(taken).hasSize(1);
        runLater();
        assertThat(taken).hasSize(COUNT);
    }

    @Test
    void whatComesBeforeAMessageThatIsTooLarge_isTaken() {
        LocalCall call = start();
        call.send(
                new NettyChunk(
                        Unpooled.buffer().writeByte(0).writeInt(0).writeByte(0).writeInt(-1)),
                false);

        assertThat(taken).containsExactly(0);
        assertThat(ends).singleElement().asString().startsWith(Code.RESOURCE_EXHAUSTED.name());
        assertThat(call.writable()).isTrue();
    }
}
