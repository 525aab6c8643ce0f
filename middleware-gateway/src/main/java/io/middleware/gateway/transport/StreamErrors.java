package io.middleware.gateway.transport;

import io.middleware.core.Code;
import io.middleware.core.Outcome;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/**
 * Maps the error codes of HTTP/2 to outcomes, by the table of gRPC's PROTOCOL-HTTP2:
 *
 * <pre>
 * REFUSED_STREAM        UNAVAILABLE, and not executed
 * CANCEL                CANCELLED
 * ENHANCE_YOUR_CALM     RESOURCE_EXHAUSTED
 * INADEQUATE_SECURITY   PERMISSION_DENIED
 * all others            INTERNAL
 * </pre>
 *
 * PROTOCOL_ERROR, FRAME_SIZE_ERROR and COMPRESSION_ERROR blame the request: another instance would respond alike. If
 * such a code closes a connection, any of the calls on it may be the cause.
 */
final class StreamErrors {
    /** Of a call whose headers never left. */
    static final Outcome NEVER_SENT = Outcome.unsent("the connection closed before the call was sent");

    private StreamErrors() {}

    /** Returns the outcome of a call whose stream the server reset. {@code error}: null for an unknown code. */
    static Outcome reset(@Nullable Http2Error error) {
        String reason = "the server reset the stream: " + error;
        if (blamesRequest(error)) {
            return Outcome.rejected(Code.INTERNAL, reason);
        }
        return switch (error) {
            case REFUSED_STREAM -> Outcome.unsent("the server refused the stream");
            case CANCEL -> Outcome.broken(Code.CANCELLED, "the server cancelled the stream");
            case ENHANCE_YOUR_CALM -> Outcome.broken(Code.RESOURCE_EXHAUSTED, reason);
            case INADEQUATE_SECURITY -> Outcome.broken(Code.PERMISSION_DENIED, reason);
            case null, default -> Outcome.broken(Code.INTERNAL, reason);
        };
    }

    /** Returns the outcome of a call that the server had not seen when it sent GOAWAY. */
    static Outcome unseen(Http2Error error) {
        return blamesRequest(error)
                ? Outcome.unsentByRequest("the server ended the connection: " + error)
                : Outcome.unsent("the server is closing the connection");
    }

    /**
     * Returns the outcome of a call that the server had when the connection ended. {@code goAway}: null if it sent
     * none.
     */
    static Outcome lost(@Nullable Http2Error goAway) {
        return blamesRequest(goAway)
                ? Outcome.brokenByRequest("the server ended the connection: " + goAway)
                : Outcome.broken(Code.UNAVAILABLE, "the connection was lost");
    }

    private static boolean blamesRequest(@Nullable Http2Error error) {
        return error == Http2Error.PROTOCOL_ERROR
                || error == Http2Error.FRAME_SIZE_ERROR
                || error == Http2Error.COMPRESSION_ERROR;
    }
}
