package io.middleware.gateway.ingress.http.stream;

import io.middleware.core.Code;
import io.middleware.core.OngoingCall;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.transport.NettyChunk;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.DisconnectedClientHelper;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

/** A request of one message, whose body is read once the call has been let in. Confined to the call's event loop. */
public final class OneMessage extends BaseSubscriber<ByteBuf> implements RequestMessages {
    private final Mono<ByteBuf> frame;
    private @Nullable OngoingCall call;
    private Consumer<ConnectError> onMalformed = error -> {};
    private boolean asked;
    private boolean sent;
    private boolean stopped;

    /** {@code frame}: reads the body and returns the framed message, on the event loop; subscribed to once. */
    public OneMessage(Mono<ByteBuf> frame) {
        this.frame = frame;
    }

    @Override
    public void sendTo(OngoingCall to, Consumer<ConnectError> malformed) {
        call = to;
        onMalformed = malformed;
        proceed();
    }

    @Override
    public void onWritabilityChanged() {
        proceed();
    }

    @Override
    public boolean begun() {
        return sent;
    }

    /** A call that takes nothing yet may still be refused. */
    private void proceed() {
        if (call != null && !asked && !stopped && call.writable()) {
            asked = true;
            frame.subscribe(this);
        }
    }

    @Override
    protected void hookOnNext(ByteBuf message) {
        if (stopped || call == null) {
            message.release();
        } else {
            sent = true;
            call.send(new NettyChunk(message), true);
        }
    }

    @Override
    protected void hookOnError(Throwable failure) {
        if (!stopped) {
            stopped = true;
            onMalformed.accept(
                    DisconnectedClientHelper.isClientDisconnectedException(failure)
                            ? new ConnectError(Code.CANCELLED, "the request ended before its end")
                            : Failures.of(failure));
        }
    }

    @Override
    public void stop() {
        if (!stopped) {
            stopped = true;
            cancel();
        }
    }
}
