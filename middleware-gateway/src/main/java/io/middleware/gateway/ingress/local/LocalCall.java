package io.middleware.gateway.ingress.local;

import com.google.protobuf.InvalidProtocolBufferException;
import io.middleware.core.Call;
import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.OngoingCall;
import io.middleware.core.Timers;
import io.middleware.gateway.headers.GrpcHeaders;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call that the gateway responds to itself. Hands one message of the request after the other to the method, but none
 * while the caller takes no responses: those wait here, and as the call is not {@linkplain #writable writable} then, a
 * window of bytes is all that can pile up. Confined to the call's thread.
 */
final class LocalCall implements OngoingCall {
    /**
     * After so many bytes of requests and responses other calls of the event loop have a turn, and writability is
     * noticed.
     */
    private static final int BYTES_PER_TURN = 64 << 10;

    private final Call call;
    private final Consumer<LocalCall> onEnd;
    private final LocalResponse response;
    private final RequestReader reader;
    private @Nullable LocalMethod method;
    private Timers.@Nullable Timer deadline;
    private Timers.@Nullable Timer nextTurn;
    private boolean wanted = true;
    private boolean halfClosed;
    private boolean complete;
    private boolean working;
    /** The call was not writable, and its caller does not know yet that it is again. */
    private boolean piledUp;

    private int turn;

    /** {@code onEnd}: called once when the call ends. */
    LocalCall(Call call, Consumer<LocalCall> onEnd) {
        this.call = call;
        this.onEnd = onEnd;
        this.response = new LocalResponse(call.caller(), this::onEnd);
        this.reader = new RequestReader(call.headers().get(GrpcHeaders.ENCODING));
    }

    /** {@code now}: on the clock of the call's deadline. */
    void start(LocalMethod.Factory factory, long now) {
        CharSequence encoding = call.headers().get(GrpcHeaders.ENCODING);
        if (encoding != null && !reader.knowsEncoding()) {
            response.refuseEncoding(encoding, RequestReader.ENCODINGS);
            return;
        }
        method = factory.start(this);
        if (call.deadline() != Call.NO_DEADLINE) {
            deadline = call.timers()
                    .schedule(
                            () -> fail(Code.DEADLINE_EXCEEDED, "the caller's deadline has passed"),
                            Math.max(0, call.deadline() - now));
        }
    }

    /** Runs a task on the call's thread, soon. Any thread may call this. */
    void run(Runnable task) {
        call.timers().schedule(task, 0);
    }

    /** Returns whether the caller takes responses now. */
    boolean wanted() {
        return wanted && !response.ended();
    }

    /** Sends a framed message. */
    void respond(ByteBuf frame) {
        turn += frame.readableBytes();
        response.send(frame);
    }

    /** Ends the call well. */
    void complete() {
        response.complete();
    }

    /** Ends the call with an error. */
    void fail(Code code, String message) {
        response.fail(new Failure(code, message));
    }

    private void onEnd() {
        reader.clear();
        if (deadline != null) {
            deadline.cancel();
        }
        if (nextTurn != null) {
            nextTurn.cancel();
        }
        if (method != null) {
            method.onEnd();
        }
        onEnd.accept(this);
    }

    @Override
    public void send(Chunk chunk, boolean last) {
        if (!response.ended()) {
            reader.add(chunk);
        }
        chunk.release();
        halfClosed |= last;
        work();
    }

    @Override
    public void halfClose() {
        halfClosed = true;
        work();
    }

    @Override
    public void cancel() {
        response.abandon();
    }

    @Override
    public boolean writable() {
        return response.ended() || !reader.ready();
    }

    @Override
    public void wantMore(boolean more) {
        wanted = more;
        if (more && !response.ended()) {
            if (method != null) {
                method.onWanted();
            }
            work();
        }
    }

    /** Not entered again by what the caller does in response to a message. */
    private void work() {
        if (working || response.ended() || nextTurn != null) {
            return;
        }
        working = true;
        turn = 0;
        while (wanted() && turn < BYTES_PER_TURN && reader.ready()) {
            request();
        }
        working = false;
        if (response.ended()) {
            return;
        }
        if (reader.ready()) {
            piledUp = true;
            if (wanted) {
                nextTurn = call.timers().schedule(this::takeTurn, 0);
            }
            return;
        }
        if (halfClosed && !complete) {
            complete = true;
            requestEnded();
        }
        if (piledUp && !response.ended()) {
            piledUp = false;
            call.caller().onWritabilityChanged();
        }
    }

    private void takeTurn() {
        nextTurn = null;
        work();
    }

    private void request() {
        try {
            byte[] message = reader.next();
            turn += message.length;
            Objects.requireNonNull(method).onRequest(message);
        } catch (RequestReader.UnreadableException e) {
            response.fail(e.failure());
        } catch (InvalidProtocolBufferException e) {
            fail(Code.INVALID_ARGUMENT, "a message is not the one that " + call.path() + " expects: " + e.getMessage());
        }
    }

    private void requestEnded() {
        if (reader.incomplete()) {
            fail(Code.INTERNAL, "the request ends in the middle of a message");
        } else {
            Objects.requireNonNull(method).onComplete();
        }
    }
}
