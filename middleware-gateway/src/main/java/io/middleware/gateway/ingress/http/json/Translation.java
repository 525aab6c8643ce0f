package io.middleware.gateway.ingress.http.json;

import io.middleware.gateway.ingress.http.result.HttpResult;
import io.netty.buffer.ByteBuf;

/** How one HTTP request becomes a message for a method, and the method's reply an HTTP answer. */
public interface Translation {
    /** {@code /package.Service/Method}. */
    String path();

    boolean takesBody();

    /** Whether messages pass as they are, so that it takes no longer where they are large. */
    default boolean passes() {
        return false;
    }

    /**
     * The framed message.
     *
     * @param body empty where there is none
     */
    ByteBuf message(byte[] body);

    /** Returns bytes of heap, more rather than less, that {@link #message} takes for a body that does not pass. */
    default long weight(byte[] body) {
        return 0;
    }

    /** Returns the same of {@link #answer}. */
    default long replyWeight(byte[] reply) {
        return 0;
    }

    HttpResult answer(byte[] reply);
}
