package io.middleware.gateway.headers;

import io.netty.util.AsciiString;

/** The names of the headers that the middleware itself adds to requests and responses. */
public final class MiddlewareHeaders {
    /** Identifies a call in the logs of all programs that handle it. */
    public static final AsciiString CALL_ID = AsciiString.cached("x-call-id");

    /** The instance that responded. */
    public static final AsciiString INSTANCE = AsciiString.cached("middleware-instance");
    /** How many attempts the call took. */
    public static final AsciiString ATTEMPTS = AsciiString.cached("middleware-attempts");
    /** The instances whose attempts failed, and why. */
    public static final AsciiString TRIED = AsciiString.cached("middleware-tried");
    /** The gateway that handled the call. */
    public static final AsciiString GATEWAY = AsciiString.cached("middleware-gateway");
    /** {@code secondary} or {@code stale}, when no primary responded. */
    public static final AsciiString FALLBACK = AsciiString.cached("middleware-fallback");
    /** The age of a stale response, in seconds (RFC 9111, 5.1). */
    public static final AsciiString AGE = AsciiString.cached("age");

    /** {@code honoured}, when the instances execute a call once for each idempotency key, and the call has one. */
    public static final AsciiString IDEMPOTENCY_KEY = AsciiString.cached("middleware-idempotency-key");

    /** Set by Nginx: the id under which the response to this request may be collected later. */
    public static final AsciiString DEFER = AsciiString.cached("middleware-defer");
    /** Set by Nginx: the id of the deferred response that this request collects. */
    public static final AsciiString DEFERRED = AsciiString.cached("middleware-deferred");
    /**
     * Set by Nginx and by callers for a call that a gateway had before, and may have forwarded to an instance: the seconds since it
     * was sent first, or {@code yes}.
     */
    public static final AsciiString RESENT = AsciiString.cached("middleware-resent");

    /** Set by Nginx for callers by HTTP/1.1: the response must not end before the request has. */
    public static final AsciiString AWAIT_REQUEST = AsciiString.cached("middleware-await-request");

    /** Set by a gateway for servers: who calls, such as {@code key:shop}. Callers' own are removed. */
    public static final AsciiString CALLER = AsciiString.cached("middleware-caller");
    /** Set by Nginx: the caller's certificate, as PEM that is percent-encoded. */
    public static final AsciiString CLIENT_CERTIFICATE = AsciiString.cached("middleware-client-certificate");

    /** Begins the names of all headers that only a gateway may set on a response. */
    public static final AsciiString PREFIX = AsciiString.cached("middleware-");

    private MiddlewareHeaders() {}
}
