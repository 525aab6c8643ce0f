package io.middleware.gateway.ingress.http;

import java.util.concurrent.atomic.AtomicLong;

import io.middleware.core.Code;

/**
 * Bounds the bytes of all request bodies that are in hand at a time. Until it is a gRPC message, a body takes several times its
 * size in memory (bytes, text, message, frame), and a few kilobytes of gzip may become megabytes.
 */
final class BodyBudget {
    /** Of the heap, as a share for bodies: the others are for what becomes of them, and for all else. */
    private static final int SHARE = 12;

    private final long most;
    private final AtomicLong held = new AtomicLong();

    BodyBudget(long most) {
        this.most = most;
    }

    /** A share of this JVM's heap, but at least one body of the largest size. */
    static BodyBudget ofHeap(int largest) {
        return new BodyBudget(Math.max(largest, Runtime.getRuntime().maxMemory() / SHARE));
    }

    /** What one request holds; nothing at first. */
    Lease lease() {
        return new Lease();
    }

    /** Used by one request, and closed at its end. */
    final class Lease implements AutoCloseable {
        private long bytes;

        /** @throws Refusal if all requests together would hold too much; this one still holds what it held */
        void growTo(long size) {
            long more = Math.max(0, size - bytes);
            if (held.addAndGet(more) > most) {
                held.addAndGet(-more);
                throw new ConnectError(Code.RESOURCE_EXHAUSTED, "too many large bodies at a time (expected: at most " + most
                        + " bytes in all); try again").refusal();
            }
            bytes += more;
        }

        @Override
        public void close() {
            held.addAndGet(-bytes);
            bytes = 0;
        }
    }
}
