package io.middleware.gateway.transport;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

import io.middleware.core.Outcome;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;

/**
 * The streams of a connection that wait until the server takes another one: as many as it said are open. One that is given up here
 * has provably never left; a stream that the HTTP/2 library holds back is sent and executed all the same. Confined to the
 * connection's event loop.
 */
final class SlotQueue {
    private final Http2StreamChannelBootstrap streams;
    private final Queue<ServerStream> waiting = new ArrayDeque<>();
    private final ChannelFutureListener whenClosed = closed -> closed();
    private long most = Long.MAX_VALUE;
    private int open;

    SlotQueue(Http2StreamChannelBootstrap streams) {
        this.streams = streams;
    }

    /** {@code most}: null where the server sets no limit, or leaves the one that it had set. */
    void limit(Long most) {
        if (most != null) {
            this.most = most;
            openNext();
        }
    }

    /** Opens a stream, now or when there is room. */
    void add(ServerStream stream) {
        waiting.add(stream);
        openNext();
    }

    /** Those that wait get no room here any more. */
    void dismiss(Outcome outcome) {
        List<ServerStream> dismissed = List.copyOf(waiting);
        waiting.clear();
        dismissed.forEach(stream -> stream.fail(outcome));
    }

    private void openNext() {
        while (open < most && !waiting.isEmpty()) {
            ServerStream next = waiting.poll();
            if (!next.ended()) {
                open(next);
            }
        }
    }

    private void open(ServerStream stream) {
        open++;
        // completes at once: we are on the connection's event loop
        streams.open().addListener(opened -> {
            if (opened.isSuccess()) {
                Http2StreamChannel channel = (Http2StreamChannel) opened.getNow();
                channel.closeFuture().addListener(whenClosed);
                stream.opened(channel);
            } else {
                open--;
                stream.fail(Outcome.unsent("no stream could be opened: " + Dialing.reason(opened.cause())));
            }
        });
    }

    private void closed() {
        open--;
        openNext();
    }
}
