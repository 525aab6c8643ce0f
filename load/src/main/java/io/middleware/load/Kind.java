package io.middleware.load;

/** What a call is. */
public enum Kind {
    /** {@code hello.v1.HelloService/SayHello} by gRPC. */
    GRPC,
    /** {@code GET /hello}. */
    HTTP,
    /** {@code hello.v1.Guestbook/Sign} by gRPC, which may not be repeated. */
    SIGN
}
