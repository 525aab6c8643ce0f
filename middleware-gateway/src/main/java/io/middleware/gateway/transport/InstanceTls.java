package io.middleware.gateway.transport;

import io.middleware.core.instance.Instance;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/** Decides whether a connection to an instance speaks TLS, and with which certificates. Called on event loops. */
public interface InstanceTls {
    /** Every connection is plain. */
    InstanceTls NONE = new InstanceTls() {
        @Override
        public @Nullable String refusal(Instance instance) {
            return null;
        }

        @Override
        public @Nullable SslHandler handler(Instance instance, ByteBufAllocator allocator) {
            return null;
        }

        @Override
        public String describe(Throwable failure) {
            return ConnectFailure.describe(failure);
        }
    };

    /** Returns why no connection may be made; null if one may. */
    @Nullable
    String refusal(Instance instance);

    /** Returns the handler of a new connection; null for a plain one. */
    @Nullable
    SslHandler handler(Instance instance, ByteBufAllocator allocator);

    /** Returns why a handshake failed, for a person. */
    String describe(Throwable failure);
}
