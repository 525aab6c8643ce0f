package io.middleware.core;

/** A call in flight, from its caller's side. Confined to the call's thread; no method blocks. */
public interface OngoingCall {
    /** Sends more of the request; takes the chunk over. {@code last}: the caller sends no more. */
    void send(Chunk chunk, boolean last);

    /** Called when the caller sends no more. */
    void halfClose();

    /** Ends the call without a response. Harmless after its end. */
    void cancel();

    /** Returns whether more of the request can be taken without piling up here. After the end it is dropped, and cannot pile up. */
    boolean writable();

    /** Asks for more of the response or, with false, for none until it is wanted again. */
    void wantMore(boolean more);

    /** Returns the call that this one passes everything on to; this one itself if it passes nothing on. */
    default OngoingCall actual() {
        return this;
    }
}
