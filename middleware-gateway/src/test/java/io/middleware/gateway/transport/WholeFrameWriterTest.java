package io.middleware.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.gateway.headers.LiteralHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is written, as Netty's own reader of frames understands it. */
class WholeFrameWriterTest {
    private static final int MOST = 1 << 20;

    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final ChannelHandlerContext ctx = channel.pipeline().firstContext();
    private final WholeFrameWriter writer =
            new WholeFrameWriter(new DefaultHttp2HeadersEncoder(LiteralHeaders.RULES, false, 64, Integer.MAX_VALUE));
    private final DefaultHttp2FrameReader reader =
            new DefaultHttp2FrameReader(new DefaultHttp2HeadersDecoder(false, MOST), 16);
    private final Seen seen = new Seen();
    private int buffers;

    /** What the peer has read. */
    private static final class Seen extends Http2FrameAdapter {
        private final List<Object> frames = new ArrayList<>();

        private record Headers(int stream, Http2Headers headers, boolean last) {}

        private record Data(int stream, String hex, boolean last) {}

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx, int stream, Http2Headers headers, int padding, boolean last) {
            frames.add(new Headers(stream, headers, last));
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int stream, ByteBuf data, int padding, boolean last) {
            frames.add(new Data(stream, ByteBufUtil.hexDump(data), last));
            return data.readableBytes() + padding;
        }
    }

    @AfterEach
    void stop() {
        reader.close();
        writer.close();
        channel.finishAndReleaseAll();
    }

    @Test
    void randomHeadersAndData_arriveAsTheyWereWritten() throws Http2Exception {
        reader.headersConfiguration().maxHeaderListSize(MOST, MOST);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            int stream = 2 * i + 1;
            boolean last = random.nextBoolean();
            Http2Headers headers = headers(random);
            int padding = random.nextInt(8) == 0 ? 1 + random.nextInt(100) : 0;
            byte[] bytes = new byte[random.nextInt(random.nextInt(4) == 0 ? 16_000 : 3_000)];
            random.nextBytes(bytes);
            ChannelFuture first = writer.writeHeaders(ctx, stream, headers, padding, last, ctx.newPromise());
            // a buffer of its own even for no bytes: Netty shares an empty one, which nobody releases
            ByteBuf data = Unpooled.buffer(16_000).writeBytes(bytes);
            ChannelFuture second = writer.writeData(ctx, stream, data, padding, last, ctx.newPromise());
            read();

            assertThat(first.isSuccess() && second.isSuccess()).isTrue();
            assertThat(data.refCnt()).isZero();
            assertThat(seen.frames)
                    .as("seed %d, round %d", seed, i)
                    .containsExactly(
                            new Seen.Headers(stream, headers, last),
                            new Seen.Data(stream, ByteBufUtil.hexDump(bytes), last));
            seen.frames.clear();
        }
    }

    @Test
    void headersAndSmallData_areOneBufferEach() throws Http2Exception {
        writer.writeHeaders(ctx, 1, new DefaultHttp2Headers().add("a", "b"), 0, false, ctx.newPromise());
        writer.writeData(ctx, 1, Unpooled.buffer().writeZero(WholeFrameWriter.MOST_COPIED), 0, true, ctx.newPromise());

        read();

        assertThat(buffers).isEqualTo(2);
        assertThat(seen.frames).hasSize(2);
    }

    @Test
    void headersThatNoFrameHolds_areContinued() throws Http2Exception {
        reader.headersConfiguration().maxHeaderListSize(MOST, MOST);
        for (int size : new int[] {16_300, 16_384, 16_400, 32_768, 100_000}) {
            Http2Headers headers = new DefaultHttp2Headers().add("x-large", "v".repeat(size));

            writer.writeHeaders(ctx, 1, headers, 0, true, ctx.newPromise());
            read();

            assertThat(seen.frames).as("%d", size).containsExactly(new Seen.Headers(1, headers, true));
            seen.frames.clear();
        }
    }

    @Test
    void headersLargerThanThePeerTakes_fail_andLaterOnesAreReadAllTheSame() throws Http2Exception {
        writer.headersConfiguration().maxHeaderListSize(200);
        Http2Headers small = new DefaultHttp2Headers().add("x-small", "v");

        ChannelFuture refused = writer.writeHeaders(
                ctx, 1, new DefaultHttp2Headers().add("x-large", "v".repeat(300)), 0, false, ctx.newPromise());
        writer.writeHeaders(ctx, 3, small, 0, false, ctx.newPromise());
        writer.writeHeaders(ctx, 5, small, 0, false, ctx.newPromise());
        read();

        assertThat(refused.cause()).isInstanceOf(Http2Exception.HeaderListSizeException.class);
        assertThat(seen.frames).containsExactly(new Seen.Headers(3, small, false), new Seen.Headers(5, small, false));
    }

    private static Http2Headers headers(Random random) {
        Http2Headers headers = new DefaultHttp2Headers(false).method("POST").path("/a.B/C" + random.nextInt(3));
        for (int i = random.nextInt(20); i > 0; i--) {
            String name = random.nextBoolean() ? "x-call-id" : "x-" + random.nextInt(30);
            headers.add(name, Integer.toString(random.nextInt(5)).repeat(random.nextInt(40)));
        }
        if (random.nextInt(10) == 0) {
            headers.add("x-large", "v".repeat(random.nextInt(50_000)));
        }
        return headers;
    }

    private void read() throws Http2Exception {
        channel.flush();
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf written = channel.readOutbound(); written != null; written = channel.readOutbound()) {
            buffers++;
            all.writeBytes(written);
            written.release();
        }
        while (all.isReadable()) {
            reader.readFrame(ctx, all, seen);
        }
        all.release();
    }
}
