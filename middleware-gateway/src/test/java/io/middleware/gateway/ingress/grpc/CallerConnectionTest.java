package io.middleware.gateway.ingress.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.gateway.ingress.CallerProtocols;
import io.middleware.gateway.transport.CallerCodec;
import io.middleware.gateway.transport.CallerLimits;
import io.middleware.gateway.transport.Http2;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallerConnectionTest {
    private static final byte[] EMPTY_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};

    private final List<String> events = new ArrayList<>();

    private final class Events extends ChannelInboundHandlerAdapter {
        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            events.add("inactive");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
            events.add(failure.toString());
        }
    }

    /** A caller may reset its connection while that is set up: the handler gets the end, but no beginning. */
    @Test
    void connectionThatEndsBeforeItWasActive_endsOrderly() {
        EmbeddedChannel channel = setUpLate();

        channel.close();

        assertThat(events).containsExactly("inactive");
        channel.finishAndReleaseAll();
    }

    @Test
    void settingsBeforeTheConnectionWasActive_areTaken() {
        EmbeddedChannel channel = setUpLate();

        channel.writeInbound(
                Unpooled.wrappedBuffer(Http2CodecUtil.connectionPrefaceBuf(), Unpooled.wrappedBuffer(EMPTY_SETTINGS)));

        assertThat(channel.isActive()).isTrue();
        assertThat(events).isEmpty();
        channel.finishAndReleaseAll();
    }

    /** The channel is active when the handler is added, which then does not hear of that. */
    private EmbeddedChannel setUpLate() {
        EmbeddedChannel channel = new EmbeddedChannel();
        CallServices none = new CallServices(
                call -> {
                    throw new AssertionError("a call without a stream");
                },
                System::nanoTime,
                null,
                CallerProtocols.NONE);
        CallerCodec codec = Http2.withCaller(CallerLimits.USUAL, new CallerConnection(channel, none));
        channel.pipeline().addLast(codec, new Events());
        return channel;
    }
}
