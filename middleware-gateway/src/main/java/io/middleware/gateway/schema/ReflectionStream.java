package io.middleware.gateway.schema;

import io.grpc.reflection.v1.ServerReflectionRequest;
import io.middleware.core.Chunk;
import io.middleware.core.Headers;
import io.middleware.core.Outcome;
import io.middleware.core.instance.Transport;
import io.middleware.gateway.transport.NettyChunk;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends reflection requests and matches the responses, which come in the order of the requests. All requests go on one
 * stream or, for servers that need it, each on a half-closed stream of its own. {@link #reopen} replaces a stream that
 * has ended.
 */
final class ReflectionStream implements Transport.Listener {
    private static final int MAX_RESPONSE_BYTES = 16 << 20;

    private final Function<Transport.Listener, Transport.Stream> opener;
    private final Listener listener;
    private final Queue<ServerReflectionRequest> pending = new ArrayDeque<>();

    @SuppressWarnings("NullAway.Init") // set by reopen, which is called first
    private MessageFrames frames;

    @SuppressWarnings("NullAway.Init")
    private Transport.Stream stream;

    private boolean oneByOne;
    private boolean responded;
    private boolean closed;

    interface Listener {
        /**
         * {@code request}: the one that this responds to; null when the server sent more responses than there were
         * requests.
         */
        void onResponse(@Nullable ServerReflectionRequest request, byte[] message);

        void onUnreadable(String reason);

        void onTrailers(Headers trailers);

        void onFailure(Outcome outcome);
    }

    /** {@code opener}: opens a stream to the instance. */
    ReflectionStream(Function<Transport.Listener, Transport.Stream> opener, Listener listener) {
        this.opener = opener;
        this.listener = listener;
    }

    /** Opens a stream, the first or the next; the listener may be called with a failure before this returns. */
    void reopen() {
        responded = false;
        closed = false;
        frames = new MessageFrames(MAX_RESPONSE_BYTES, message -> {
            responded = true;
            listener.onResponse(pending.poll(), message);
        });
        stream = opener.apply(this);
    }

    void send(ServerReflectionRequest request) {
        pending.add(request);
        if (!oneByOne) {
            stream.send(new NettyChunk(MessageFrames.frame(request)), false);
        } else if (pending.size() == 1 && !responded) {
            stream.send(new NettyChunk(MessageFrames.frame(request)), true);
        }
    }

    /** Sends on a new stream what the one before did not respond to. */
    void resend() {
        List<ServerReflectionRequest> requests = List.copyOf(pending);
        pending.clear();
        requests.forEach(this::send);
    }

    /** Sends, from the next stream on, one request a stream. */
    void sendOneByOne() {
        oneByOne = true;
    }

    boolean isOneByOne() {
        return oneByOne;
    }

    /** Returns the number of requests without a response. */
    int pending() {
        return pending.size();
    }

    /** Removes the request that made the server end the stream: the oldest without a response. */
    ServerReflectionRequest removeRefused() {
        return pending.poll();
    }

    /** Whether the server has responded on the current stream. */
    boolean responded() {
        return responded;
    }

    void cancel() {
        closed = true;
        stream.cancel();
    }

    /** Ends the stream after the last response. */
    void close() {
        closed = true;
        if (oneByOne) {
            stream.cancel();
        } else {
            stream.halfClose();
        }
    }

    @Override
    public void onHeaders(Headers headers) {
        // they say nothing that the messages do not
    }

    @Override
    public void onChunk(Chunk chunk) {
        try {
            if (!closed) {
                frames.read(((NettyChunk) chunk).bytes());
            }
        } catch (MessageFrames.UnreadableException e) {
            listener.onUnreadable(String.valueOf(e.getMessage()));
        } finally {
            chunk.release();
        }
    }

    @Override
    public void onTrailers(Headers trailers) {
        listener.onTrailers(trailers);
    }

    @Override
    public void onFailure(Outcome outcome) {
        listener.onFailure(outcome);
    }

    @Override
    public void onWritabilityChanged() {
        // a few requests of some bytes each need no flow control
    }
}
