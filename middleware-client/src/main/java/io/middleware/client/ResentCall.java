package io.middleware.client;

import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import java.util.Locale;

/**
 * A call that was sent before: its headers say how long ago, in seconds, and gateways run it only where its key has been
 * honoured since then.
 */
final class ResentCall<Q, R> extends SimpleForwardingClientCall<Q, R> {

    private static final Metadata.Key<String> RESENT =
            Metadata.Key.of("middleware-resent", Metadata.ASCII_STRING_MARSHALLER);

    private final long sentFirst;

    /** {@code sentFirst}: when, as {@link System#nanoTime} tells it. */
    ResentCall(ClientCall<Q, R> call, long sentFirst) {
        super(call);
        this.sentFirst = sentFirst;
    }

    @Override
    public void start(Listener<R> listener, Metadata headers) {
        headers.put(RESENT, String.format(Locale.ROOT, "%.3f", (System.nanoTime() - sentFirst) / 1e9));
        super.start(listener, headers);
    }
}
