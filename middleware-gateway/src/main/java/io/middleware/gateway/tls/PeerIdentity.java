package io.middleware.gateway.tls;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a connection, as its certificate proved.
 *
 * @param name the first of the certificate's names that was expected, such as {@code spiffe://middleware/nginx}
 */
public record PeerIdentity(String name) {
    private static final AttributeKey<PeerIdentity> KEY = AttributeKey.valueOf(PeerIdentity.class, "peer");

    /** Returns the peer of a connection, or of the connection that a stream is on; null without TLS. */
    public static @Nullable PeerIdentity of(Channel channel) {
        for (Channel at = channel; at != null; at = at.parent()) {
            PeerIdentity known = at.attr(KEY).get();
            if (known != null) {
                return known;
            }
        }
        return null;
    }

    void noteOn(Channel connection) {
        connection.attr(KEY).set(this);
    }
}
