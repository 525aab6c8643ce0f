package io.middleware.starter.idempotency;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Holds a request back until it is complete, and then has it run. gRPC calls it on one thread at a time, with the
 * caller's context, which is that of the method, too.
 */
final class KeyedCall<Q, R> extends ServerCall.Listener<Q> {
    private final ServerCall<Q, R> call;
    private final Metadata headers;
    private final String key;
    private final KeyedCallHandler<Q, R> handler;
    private @Nullable Q request;
    private ServerCall.@Nullable Listener<Q> method;
    private boolean refused;

    KeyedCall(ServerCall<Q, R> call, Metadata headers, String key, KeyedCallHandler<Q, R> handler) {
        this.call = call;
        this.headers = headers;
        this.key = key;
        this.handler = handler;
    }

    Metadata headers() {
        return headers;
    }

    String key() {
        return key;
    }

    void onStarted(ServerCall.Listener<Q> listener) {
        method = listener;
    }

    @Override
    public void onMessage(Q message) {
        if (request == null) {
            request = message;
        } else {
            refuse("Too many requests");
        }
    }

    @Override
    public void onHalfClose() {
        if (refused) {
            return;
        }
        if (request == null) {
            refuse("Half-closed without a request");
            return;
        }
        handler.run(this, call, request);
    }

    /** Refuses in the words of gRPC's own handlers. */
    private void refuse(String why) {
        if (!refused) {
            refused = true;
            call.close(Status.INTERNAL.withDescription(why), new Metadata());
        }
    }

    @Override
    public void onCancel() {
        if (method != null) {
            method.onCancel();
        }
    }

    @Override
    public void onComplete() {
        if (method != null) {
            method.onComplete();
        }
    }
}
