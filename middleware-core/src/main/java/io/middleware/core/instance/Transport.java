package io.middleware.core.instance;

import io.middleware.core.Call;
import io.middleware.core.Chunk;
import io.middleware.core.Headers;
import io.middleware.core.Outcome;
import java.util.function.Consumer;

/** Carries attempts to instances. Everything of one attempt happens on the thread of its call. */
public interface Transport {

    /**
     * Opens a stream to an instance, connecting first where need be, and sends the call's headers.
     *
     * @param leftNanos time until the call's deadline, told to the server; {@link Long#MAX_VALUE} when it has none
     * @param before    attempts of the call before this one, told to the server where there were some (gRFC A6)
     * @param listener  told what comes back. From within a call to this method, or to the stream's {@code send} and
     *                  {@code halfClose}, it is told no more than that the stream failed or that its writability changed
     */
    Stream open(Call call, Instance instance, long leftNanos, int before, Listener listener);

    /**
     * Asks an instance for a sign of life: an answer to a ping on the connection that a call of this thread would use, which is
     * made where there is none.
     *
     * @param timeoutNanos how long it may take, connecting included
     * @param result       told once: null for alive, else what went wrong, with evidence of UNREACHABLE or SILENT
     */
    void probe(Instance instance, long timeoutNanos, Consumer<Outcome> result);

    /**
     * Opens no more streams on the connections that there are to an instance; each is closed when its last stream has ended.
     * Whoever comes next gets a new one.
     */
    void retire(Instance instance);

    /** The caller's end of an attempt's stream. */
    interface Stream {
        /** Sends bytes of the request; takes the chunk over. {@code last} closes the request. */
        void send(Chunk chunk, boolean last);

        /** Closes the request without more bytes. */
        void halfClose();

        /** Whether more can be sent without piling up here. */
        boolean writable();

        /** Asks for more of the response or, with false, for none until it is wanted again. */
        void wantMore(boolean more);

        /** Nothing of it has left, and nothing will if it is cancelled now. */
        boolean unsent();

        /** Resets the stream; the listener hears nothing more. */
        void cancel();

        /** Returns {@link Instance#renewals} of the time when its connection was made; the largest integer if it has none yet. */
        default int connectedAt() {
            return Integer.MAX_VALUE;
        }
    }

    /** Told what comes back on a stream: headers, chunks, then trailers; or trailers alone; or, at any point, failed. */
    interface Listener {
        void onHeaders(Headers headers);

        /** Takes the chunk over. */
        void onChunk(Chunk chunk);

        /** The end, by the server's own word. */
        void onTrailers(Headers trailers);

        /** The end without the server's word. */
        void onFailure(Outcome outcome);

        /** {@link Stream#writable()} changed. */
        void onWritabilityChanged();
    }
}
