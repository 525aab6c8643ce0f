package io.middleware.gateway.ingress.http;

import io.netty.buffer.ByteBuf;

/** How one HTTP request becomes a message for a method, and the method's reply an HTTP answer. */
interface Translation {
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

    HttpAnswer answer(byte[] reply);
}
