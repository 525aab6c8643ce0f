package io.middleware.gateway.ingress;

import io.middleware.gateway.tls.PeerIdentity;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** The name that the other end of a caller's connection has proved by its certificate. */
public final class ConnectionPeer {
    private ConnectionPeer() {}

    /** Returns the name by the connection itself or one of its streams; null if none is proved. */
    public static @Nullable String of(Channel connectionOrStream) {
        PeerIdentity peer = PeerIdentity.of(connectionOrStream);
        return peer == null ? null : peer.name();
    }
}
