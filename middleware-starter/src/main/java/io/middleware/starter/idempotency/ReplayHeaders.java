package io.middleware.starter.idempotency;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.io.ByteArrayInputStream;
import java.time.Duration;

/** Sends a response again, and says that it is one. */
final class ReplayHeaders {

    /** {@code true} on a response that was not made for this call. */
    static final Metadata.Key<String> REPLAYED =
            Metadata.Key.of("idempotency-replayed", Metadata.ASCII_STRING_MARSHALLER);
    /** For how many seconds repeats get this response. */
    static final Metadata.Key<String> EXPIRES_IN =
            Metadata.Key.of("idempotency-expires-in", Metadata.ASCII_STRING_MARSHALLER);

    private ReplayHeaders() {}

    /** Responds to a call as the first one with its key was responded to. */
    static <Q, R> void replay(ServerCall<Q, R> call, StoredResponse response, Duration expiresIn) {
        Metadata headers = new Metadata();
        headers.merge(response.headers());
        headers.put(REPLAYED, "true");
        headers.put(EXPIRES_IN, Long.toString(Math.max(0, expiresIn.toSeconds())));
        Metadata trailers = new Metadata();
        trailers.merge(response.trailers());
        byte[] message = response.message();
        if (message == null && response.headers().keys().isEmpty()) {
            trailers.merge(headers); // an error alone, as the first was
        } else {
            call.sendHeaders(headers);
        }
        if (message != null) {
            call.sendMessage(call.getMethodDescriptor().parseResponse(new ByteArrayInputStream(message)));
        }
        call.close(response.status(), trailers);
    }
}
