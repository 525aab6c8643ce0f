package io.middleware.core;

import io.middleware.core.call.Exchange;

/**
 * Gets the answer to a call: headers, chunks, then trailers; or trailers alone; or, at any point, failed. Told on the call's own
 * thread, and nothing more after the end.
 */
public interface Caller {
    /** The answer begins. {@link Exchange#answeredBy()} and its like are settled. */
    void onHeaders(Headers headers);

    /** Takes the chunk over. */
    void onChunk(Chunk chunk);

    /** The end, by the server's own word. */
    void onTrailers(Headers trailers);

    /** The end by the middleware's own word. */
    void onFailure(Failure failure);

    /** {@link Exchange#writable()} changed. */
    void onWritabilityChanged();
}
