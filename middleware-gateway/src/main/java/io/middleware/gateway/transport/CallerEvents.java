package io.middleware.gateway.transport;

/** Gets what concerns a whole connection of a caller, on its event loop. */
public interface CallerEvents {
    /** Reads a stream that the caller has opened. */
    interface Reader extends StreamFrames {
        /** Called before the first frame. */
        void bind(StreamEnd stream);
    }

    /** Returns the reader of another stream, which the caller has just opened. */
    Reader onStream();

    /** Called when settings of the caller's arrive, the first of which begin its connection. */
    void onSettings();

    /** Called when all that was available on the connection has been read. */
    void onReadComplete();

    /** Called when the connection is broken, or its caller broke the protocol; it closes. */
    void onBroken();
}
