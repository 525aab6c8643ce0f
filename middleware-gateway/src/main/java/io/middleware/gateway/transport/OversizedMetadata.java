package io.middleware.gateway.transport;

import io.middleware.core.Code;
import io.middleware.core.Outcome;
import io.middleware.core.instance.Instance;
import io.middleware.gateway.headers.GrpcStatus;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;

/**
 * Judges a call whose metadata are larger than its instance takes. Every instance should take metadata of a usual size:
 * others are tried, and the attempt counts against this one. Larger metadata are the caller's fault: no other instance
 * is tried, and nothing counts against this one.
 */
final class OversizedMetadata {
    /** What gRPC servers take by default, at least. */
    private static final int USUAL = 8 << 10;
    /** Counted for each header besides its name and its value (RFC 9113, 10.5.1). */
    private static final int OVERHEAD = 32;

    private OversizedMetadata() {}

    static boolean isOfUsualSize(Http2Headers request) {
        long size = 0;
        for (Map.Entry<CharSequence, CharSequence> header : request) {
            size += header.getKey().length() + header.getValue().length() + OVERHEAD;
        }
        return size <= USUAL;
    }

    /** Returns the outcome at an instance that does not take metadata of a usual size. */
    static Outcome refusedByInstance() {
        return new Outcome(
                Outcome.Kind.UNSENT,
                Code.UNAVAILABLE,
                "it does not take metadata of a usual size (SETTINGS_MAX_HEADER_LIST_SIZE)",
                Outcome.Evidence.BAD);
    }

    /** Returns the status for a caller whose metadata are too large. */
    static Http2Headers refusalOfCall(Instance instance) {
        return GrpcStatus.trailersOnly(
                Code.INVALID_ARGUMENT,
                "the call's metadata is larger than " + instance + " takes (SETTINGS_MAX_HEADER_LIST_SIZE)");
    }
}
