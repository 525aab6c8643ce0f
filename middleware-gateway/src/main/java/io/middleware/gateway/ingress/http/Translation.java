package io.middleware.gateway.ingress.http;

import io.netty.buffer.ByteBuf;

/** How one HTTP request becomes a message for a method, and the method's reply an HTTP answer. */
interface Translation {
    /** {@code /package.Service/Method}. */
    String path();

    boolean takesBody();

    /**
     * The framed message.
     *
     * @param body empty where there is none
     */
    ByteBuf message(byte[] body);

    HttpAnswer answer(byte[] reply);
}
