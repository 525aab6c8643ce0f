package io.middleware.client;

import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;

/** A call that was sent before: its headers say so, and gateways run it only where its key is honoured. */
final class ResentCall<Q, R> extends SimpleForwardingClientCall<Q, R> {

    private static final Metadata.Key<String> RESENT =
            Metadata.Key.of("middleware-resent", Metadata.ASCII_STRING_MARSHALLER);

    ResentCall(ClientCall<Q, R> call) {
        super(call);
    }

    @Override
    public void start(Listener<R> listener, Metadata headers) {
        headers.put(RESENT, "yes");
        super.start(listener, headers);
    }
}
