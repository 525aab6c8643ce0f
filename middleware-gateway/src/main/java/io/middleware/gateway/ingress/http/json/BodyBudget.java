package io.middleware.gateway.ingress.http.json;

import io.middleware.core.Code;
import io.middleware.gateway.ingress.http.result.ConnectError;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of all large request and response bodies that are in memory at a time. Between JSON and a gRPC
 * message a body takes several times its size (bytes, text, message, frame), a few kilobytes of gzip may become
 * megabytes, and a caller may be slow to read its response.
 */
public final class BodyBudget {
    /** One part in so many of the heap is for bodies. The rest is for their translations and everything else. */
    private static final int SHARE = 12;
    /**
     * Bodies up to this size are not counted, as the rest of a call takes as much: large bodies never starve small
     * calls.
     */
    private static final int SMALL = 16 << 10;

    private final long most;
    private final AtomicLong held = new AtomicLong();

    public BodyBudget(long most) {
        this.most = most;
    }

    /** Returns a budget of a share of this JVM's heap. */
    public static BodyBudget ofHeap() {
        return new BodyBudget(Runtime.getRuntime().maxMemory() / SHARE);
    }

    /** Returns the lease of one call, which holds nothing at first. */
    public Lease lease() {
        return new Lease();
    }

    /** Returns the bytes that all calls together hold. */
    public long held() {
        return held.get();
    }

    /**
     * The bytes that one call holds, released at its end. Confined to the call's event loop or, while lent, to the
     * borrower's thread.
     */
    public final class Lease implements AutoCloseable {
        private long bytes;
        private boolean lent;
        private boolean closed;

        /** @throws Refusal if all calls together would hold too much; this call still holds what it held */
        public void growTo(long size) {
            if (!grows(size)) {
                throw new ConnectError(Code.RESOURCE_EXHAUSTED, full(size)).refusal();
            }
        }

        /**
         * Returns whether it could grow. Request and response are not in memory together, so the larger of the two is
         * held.
         */
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

        /** Gives back what is held beyond this size, once no more than that is in memory. Does nothing while it is lent. */
        public void shrinkTo(long size) {
            long kept = size <= SMALL ? 0 : size;
            if (!lent && !closed && kept < bytes) {
                held.addAndGet(kept - bytes);
                bytes = kept;
            }
        }

        /** Returns another lease from the same budget. */
        public Lease another() {
            return lease();
        }

        /** Returns why there is no room for so many bytes, now or ever. */
        public String full(long size) {
            return size > most
                    ? "a body of " + size + " bytes is too large for this gateway's memory (expected: at most " + most
                            + ")"
                    : "too many large bodies at a time (expected: at most " + most + " bytes in all); try again";
        }

        /** Lends the lease: if closed meanwhile, it still holds its bytes until it is taken back. */
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
