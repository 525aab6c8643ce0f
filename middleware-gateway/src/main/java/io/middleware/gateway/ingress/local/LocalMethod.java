package io.middleware.gateway.ingress.local;

import com.google.protobuf.InvalidProtocolBufferException;

/** One call of a method that the gateway serves itself, from the method's side. Confined to the call's thread. */
interface LocalMethod {
    /** Starts a call of the method. */
    @FunctionalInterface
    interface Factory {
        LocalMethod start(LocalCall call);
    }

    /** Called with each message of the request, when the caller takes responses. */
    void onRequest(byte[] message) throws InvalidProtocolBufferException;

    /** Called after the last message, when the caller sends no more. */
    void onComplete();

    /** Called when the caller takes responses again. */
    default void onWanted() {}

    /** Called once at the end of the call, for whatever reason. */
    default void onEnd() {}
}
