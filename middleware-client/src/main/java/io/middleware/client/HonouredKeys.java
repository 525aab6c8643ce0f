package io.middleware.client;

import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The methods whose servers execute a call once for each key, as gateways have said in their last responses. Only calls of these are
 * hedged by their key: elsewhere a gateway would refuse the hedge, and a server without a gateway would execute it.
 */
final class HonouredKeys {

    private static final Metadata.Key<String> HONOURED =
            Metadata.Key.of("middleware-idempotency-key", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> GATEWAY =
            Metadata.Key.of("middleware-gateway", Metadata.ASCII_STRING_MARSHALLER);
    /** On errors of the middleware's Nginx. */
    private static final Metadata.Key<String> PROXY =
            Metadata.Key.of("middleware-proxy", Metadata.ASCII_STRING_MARSHALLER);

    private final Set<String> methods = ConcurrentHashMap.newKeySet();

    /** {@code method}: its full name. */
    boolean contains(String method) {
        return methods.contains(method);
    }

    /** Returns whether the middleware gave this response: a call that is sent again then meets a gateway, which decides. */
    static boolean fromMiddleware(Metadata response) {
        return response.containsKey(GATEWAY) || response.containsKey(PROXY);
    }

    /** Returns the call, from whose response is learned whether keys of {@code method} are honoured. */
    <Q, R> ClientCall<Q, R> learnFrom(ClientCall<Q, R> call, String method) {
        return new SimpleForwardingClientCall<>(call) {
            @Override
            public void start(Listener<R> listener, Metadata headers) {
                super.start(
                        new SimpleForwardingClientCallListener<>(listener) {
                            @Override
                            public void onHeaders(Metadata received) {
                                learn(method, received);
                                super.onHeaders(received);
                            }

                            @Override
                            public void onClose(Status status, Metadata trailers) {
                                learn(method, trailers);
                                super.onClose(status, trailers);
                            }
                        },
                        headers);
            }
        };
    }

    private void learn(String method, Metadata response) {
        if ("honoured".equals(response.get(HONOURED))) {
            methods.add(method);
        } else if (response.containsKey(GATEWAY)) {
            methods.remove(method);
        }
    }
}
