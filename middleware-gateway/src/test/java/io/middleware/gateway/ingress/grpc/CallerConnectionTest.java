package io.middleware.gateway.ingress.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.gateway.transport.CallerLimits;
import io.middleware.gateway.transport.CallerPatience;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2SettingsFrame;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallerConnectionTest {
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
    }

    @Test
    void settingsBeforeTheConnectionWasActive_areTaken() {
        EmbeddedChannel channel = setUpLate();

        channel.writeInbound(new DefaultHttp2SettingsFrame(Http2Settings.defaultSettings()));

        assertThat(channel.isActive()).isTrue();
        assertThat(events).isEmpty();
        channel.close();
    }

    /** The channel is active when the handler is added, which then does not hear of that. */
    private EmbeddedChannel setUpLate() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline()
                .addLast(
                        new CallerConnection(
                                new Admission(channel.eventLoop()),
                                new CallerPatience(CallerLimits.USUAL, () -> false)),
                        new Events());
        return channel;
    }
}
