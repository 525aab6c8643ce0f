package io.middleware.gateway.ingress.http.stream;

import io.middleware.core.OngoingCall;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.transport.NettyChunk;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request of one message, which is sent at once. */
public final class OneMessage implements RequestMessages {
    /** Null once it was sent. */
    private @Nullable ByteBuf frame;

    /** {@code frame}: the framed message; it is taken over. */
    public OneMessage(ByteBuf frame) {
        this.frame = frame;
    }

    @Override
    public void sendTo(OngoingCall call, Consumer<ConnectError> onMalformed) {
        if (frame != null) {
            ByteBuf sent = frame;
            frame = null;
            call.send(new NettyChunk(sent), true);
        }
    }

    @Override
    public void onWritabilityChanged() {
        // all was sent at once
    }

    @Override
    public void stop() {
        if (frame != null) {
            frame.release();
            frame = null;
        }
    }
}
