package io.middleware.load;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.function.Function;

/** Names the server in each response, as the middleware does where there is one. */
final class NameServer implements ClientInterceptor {

    private final Function<Attributes, String> name;

    /** @param name from the attributes of a call */
    NameServer(Function<Attributes, String> name) {
        this.name = name;
    }

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<R> listener, Metadata headers) {
                super.start(
                        new SimpleForwardingClientCallListener<R>(listener) {
                            @Override
                            public void onHeaders(Metadata received) {
                                received.put(GrpcTarget.INSTANCE, name.apply(getAttributes()));
                                super.onHeaders(received);
                            }
                        },
                        headers);
            }
        };
    }
}
