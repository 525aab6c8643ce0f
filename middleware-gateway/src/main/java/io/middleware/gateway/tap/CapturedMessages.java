package io.middleware.gateway.tap;

import org.jspecify.annotations.Nullable;

/** The first bytes of both directions of a call that has ended. */
record CapturedMessages(Frames requests, Frames responses) {
    /**
     * Messages as gRPC frames them: a byte that says whether it is compressed, its length in four, and itself.
     *
     * @param bytes    never changed
     * @param cut      there was more
     * @param encoding of those that are compressed; null if none was named
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Frames(byte[] bytes, boolean cut, @Nullable String encoding) {}
}
