package io.middleware.gateway.ingress.http.json;

import io.middleware.core.Code;
import io.middleware.gateway.ingress.http.result.ConnectError;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of all large bodies that are in hand at a time, of requests and of replies. On its way between JSON and a gRPC
 * message a body takes several times its size in memory (bytes, text, message, frame), a few kilobytes of gzip may become
 * megabytes, and a caller may be slow to take what it asked for.
 */
public final class BodyBudget {
    /** Of the heap, as a share for bodies: the others are for what becomes of them, and for all else. */
    private static final int SHARE = 12;
    /** Bytes that a call may take uncounted, as the rest of it takes as much: large bodies leave no small call without room. */
    private static final int SMALL = 16 << 10;

    private final long most;
    private final AtomicLong held = new AtomicLong();

    public BodyBudget(long most) {
        this.most = most;
    }

    /** A share of this JVM's heap. */
    public static BodyBudget ofHeap() {
        return new BodyBudget(Runtime.getRuntime().maxMemory() / SHARE);
    }

    /** What one call holds; nothing at first. */
    public Lease lease() {
        return new Lease();
    }

    /** Of all calls together. */
    public long held() {
        return held.get();
    }

    /** Used by one call, and closed at its end. Confined to the call's loop, and while it is lent to who has it. */
    public final class Lease implements AutoCloseable {
        private long bytes;
        private boolean lent;
        private boolean closed;

        /** @throws Refusal if all calls together would hold too much; this one still holds what it held */
        public void growTo(long size) {
            if (!grows(size)) {
                throw new ConnectError(Code.RESOURCE_EXHAUSTED, full(size)).refusal();
            }
        }

        /** The same for the size of the reply, which comes after the request is done with: the larger of the two is held. */
        public boolean grows(long size) {
            if (size <= SMALL || size <= bytes) {
                return true;
            }
            if (closed) {
                return false;
            }
            long more = size - bytes;
            if (held.addAndGet(more) > most) {
                held.addAndGet(-more);
                return false;
            }
            bytes = size;
            return true;
        }

        /** Why there is no room for so many bytes, now or ever. */
        public String full(long size) {
            return size > most
                    ? "a body of " + size + " bytes is too large for this gateway's memory (expected: at most " + most
                            + ")"
                    : "too many large bodies at a time (expected: at most " + most + " bytes in all); try again";
        }

        /** What is closed before it is taken back holds until then. */
        void lend() {
            lent = true;
        }

        void takeBack() {
            lent = false;
            if (closed) {
                close();
            }
        }

        @Override
        public void close() {
            closed = true;
            if (!lent && bytes > 0) {
                held.addAndGet(-bytes);
                bytes = 0;
            }
        }
    }
}
