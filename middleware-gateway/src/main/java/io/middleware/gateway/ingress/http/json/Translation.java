package io.middleware.gateway.ingress.http.json;

import io.middleware.gateway.ingress.http.result.HttpResult;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Turns one HTTP request into a message for a method, and the method's response message into an HTTP result. */
public interface Translation {
    /** {@code /package.Service/Method}. */
    String path();

    boolean takesBody();

    /** Returns what is translated instead of a body; null if there is none. */
    default @Nullable Content content() {
        return null;
    }

    /**
     * What the target of a request gives.
     *
     * @param gzip whether it is compressed
     */
    record Content(byte[] bytes, boolean gzip) {}

    /** Returns which sides send a stream of messages. */
    default Streaming streaming() {
        return Streaming.NONE;
    }

    /** Returns whether a response message is a body of any type, and no JSON. */
    default boolean isRawReply() {
        return false;
    }

    /** Returns whether messages pass unchanged, so that large ones take no longer. */
    default boolean passes() {
        return false;
    }

    /** Returns the same for response messages. */
    default boolean passesReply() {
        return passes();
    }

    /**
     * Returns the framed message.
     *
     * @param body empty if there is none
     */
    ByteBuf message(byte[] body);

    /** Returns an upper estimate of the heap that {@link #message} takes, in bytes. */
    default long weight(byte[] body) {
        return 0;
    }

    /** Returns an upper estimate of the heap that {@link #answer} takes, in bytes. */
    default long replyWeight(byte[] reply) {
        return 0;
    }

    HttpResult answer(byte[] reply);
}
