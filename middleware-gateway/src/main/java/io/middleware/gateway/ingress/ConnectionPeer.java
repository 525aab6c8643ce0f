package io.middleware.gateway.ingress;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/** The name that the other end of a caller's connection has proved by its certificate. */
public final class ConnectionPeer {
    private static final AttributeKey<String> NAME = AttributeKey.valueOf(ConnectionPeer.class, "name");

    private ConnectionPeer() {}

    /** Sets the name of a connection's other end, once its certificate is verified. */
    public static void set(Channel connection, String name) {
        connection.attr(NAME).set(name);
    }

    /** Returns the name by the connection itself or one of its streams; null if none is proved. */
    public static @Nullable String of(Channel connectionOrStream) {
        for (Channel channel = connectionOrStream; channel != null; channel = channel.parent()) {
            if (channel.hasAttr(NAME)) {
                return channel.attr(NAME).get();
            }
        }
        return null;
    }
}
