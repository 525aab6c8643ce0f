package io.middleware.core;

/**
 * Gets the response to a call: headers, chunks, then trailers; or trailers alone; or, at any point, a failure. Each
 * method is called on the call's own thread. None is called after the end.
 */
public interface Caller {
    /** Called when the response begins. Which instance it is from, and after how many attempts, no longer changes. */
    void onHeaders(Headers headers);

    /** Called with the next bytes of the response. The caller owns the chunk from then on. */
    void onChunk(Chunk chunk);

    /** Called at the end of a response, with the status that the server gave. */
    void onTrailers(Headers trailers);

    /** Called at the end when the middleware gives the status itself. */
    void onFailure(Failure failure);

    /** Called when {@link OngoingCall#writable()} changed. */
    void onWritabilityChanged();
}
