package io.middleware.core.instance;

import io.middleware.core.Call;
import io.middleware.core.Chunk;
import io.middleware.core.Headers;
import io.middleware.core.Outcome;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries attempts to instances. Everything of one attempt happens on the thread of its call. */
public interface Transport {

    /**
     * Opens a stream to an instance, connecting first if necessary, and sends the call's headers.
     *
     * @param leftNanos   time until the call's deadline, sent to the server; {@link Long#MAX_VALUE} without a deadline
     * @param before      earlier attempts of the call, sent to the server if there were any (gRFC A6)
     * @param traceparent sent to the server in the header of this name; null: what the caller sent
     * @param listener    called with the response. From within this method, or the stream's {@code send} and
     *                    {@code halfClose}, only its {@code onFailure} and {@code onWritabilityChanged} are called
     */
    Stream open(
            Call call, Instance instance, long leftNanos, int before, @Nullable String traceparent, Listener listener);

    /**
     * Sends a ping on the connection that a call of this thread would use, connecting first if necessary.
     *
     * @param timeoutNanos how long it may take, connecting included
     * @param result       called once: with null for alive, else with the failure, its evidence UNREACHABLE or SILENT
     */
    void probe(Instance instance, long timeoutNanos, Consumer<Outcome> result);

    /**
     * Opens no more streams on the existing connections to an instance. Each is closed when its last stream has ended. The next
     * stream gets a new connection.
     */
    void retire(Instance instance);

    /** The caller's end of an attempt's stream. */
    interface Stream {
        /** Sends bytes of the request, and takes the chunk over. {@code last} closes the request. */
        void send(Chunk chunk, boolean last);

        /** Closes the request without more bytes. */
        void halfClose();

        /** Returns whether more can be sent without piling up here. */
        boolean writable();

        /** Asks for more of the response or, with false, pauses it. */
        void wantMore(boolean more);

        /** Returns whether nothing of it has left, and nothing will if it is cancelled now. */
        boolean unsent();

        /** Resets the stream. The listener is not called any more. */
        void cancel();

        /** Returns the {@link ServerVersion#renewals} when its connection was made; the largest integer without a connection. */
        default int connectedAt() {
            return Integer.MAX_VALUE;
        }
    }

    /** Gets the response on a stream: headers, chunks, then trailers; or trailers alone; or, at any point, a failure. */
    interface Listener {
        void onHeaders(Headers headers);

        /** Called with the next bytes of the response. The listener owns the chunk from then on. */
        void onChunk(Chunk chunk);

        /** Called at the end of a response, with the status that the server gave. */
        void onTrailers(Headers trailers);

        /** Called when the stream ended without a status from the server. */
        void onFailure(Outcome outcome);

        /** Called when {@link Stream#writable()} changed. */
        void onWritabilityChanged();
    }
}
