package io.middleware.load;

/** The kinds of calls. */
public enum Kind {
    /** {@code hello.v1.HelloService/SayHello} by gRPC. */
    GRPC,
    /** {@code GET /hello}. */
    HTTP,
    /** {@code hello.v1.Guestbook/Sign} by gRPC, which is not idempotent. */
    SIGN,
    /** The same with an idempotency key, by the project's client, which sends it again where that is safe. */
    KEYED
}
