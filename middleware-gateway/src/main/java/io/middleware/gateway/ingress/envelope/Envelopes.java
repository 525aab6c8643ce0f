package io.middleware.gateway.ingress.envelope;

import io.middleware.core.Code;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Follows enveloped messages: a byte of flags, four bytes for the length, the message; cut anywhere. Messages that pass
 * as they are stay in the buffers that they came in; others are gathered. Confined to one thread.
 */
final class Envelopes {
    private static final int PREFIX = 5;
    /**
     * Bytes allocated at first, if no more are there. The array grows with the bytes that arrive, because the announced
     * length cannot be trusted.
     */
    private static final int FIRST_ALLOCATION = 512;

    private final int largest;
    private final BodyBudget bodies;
    private final Receiver receiver;
    private int prefixRead;
    private int flags;
    private long left;
    private boolean passes;
    private byte @Nullable [] message;
    private int filled;
    private BodyBudget.@Nullable Lease lease;

    /** Gets what was read, in order. */
    interface Receiver {
        /**
         * Returns whether messages with these flags pass as they are.
         *
         * @throws Refusal if there must be none
         */
        boolean passes(int flags);

        /** Gets bytes of messages that pass, with their envelopes; must release them. */
        void onBytes(ByteBuf bytes);

        /** Gets a message that does not pass; must close the lease, which holds its bytes. */
        void onMessage(int flags, byte[] message, BodyBudget.Lease lease);
    }

    /** {@code largest}: the most bytes of a message that does not pass. */
    Envelopes(int largest, BodyBudget bodies, Receiver receiver) {
        this.largest = largest;
        this.bodies = bodies;
        this.receiver = receiver;
    }

    /**
     * Reads the next bytes. The caller still owns the buffer.
     *
     * @throws Refusal if a message cannot be taken; then nothing more may be read
     */
    void read(ByteBuf data) {
        int from = data.readerIndex();
        while (data.isReadable()) {
            if (prefixRead < PREFIX) {
                if (prefixRead == 0 && begin(data.getUnsignedByte(data.readerIndex()))) {
                    pass(data, from);
                }
                readPrefix(data.readUnsignedByte(), data.readableBytes());
            } else if (passes) {
                int some = (int) Math.min(left, data.readableBytes());
                data.skipBytes(some);
                left -= some;
            } else {
                gather(data);
            }
            if (prefixRead == PREFIX && left == 0) {
                prefixRead = 0;
                if (!passes) {
                    deliver();
                    from = data.readerIndex();
                }
            }
        }
        if (passes) {
            pass(data, from);
        }
    }

    /** Returns whether the bytes read so far end in the middle of a message. */
    boolean incomplete() {
        return prefixRead > 0;
    }

    /** Drops a message that is incomplete. */
    void close() {
        message = null;
        if (lease != null) {
            lease.close();
            lease = null;
        }
    }

    /** Returns whether the message is the first that does not pass. */
    private boolean begin(int newFlags) {
        boolean passedBefore = passes;
        flags = newFlags;
        passes = receiver.passes(newFlags);
        return passedBefore && !passes;
    }

    private void pass(ByteBuf data, int from) {
        int length = data.readerIndex() - from;
        if (length > 0) {
            receiver.onBytes(data.retainedSlice(from, length));
        }
    }

    /** {@code following}: the number of bytes that are there after this one. */
    private void readPrefix(int octet, int following) {
        if (prefixRead++ == 0) {
            left = 0;
            return;
        }
        left = left << 8 | octet;
        if (prefixRead == PREFIX && !passes) {
            if (left > largest) {
                throw new ConnectError(
                                Code.RESOURCE_EXHAUSTED,
                                "a message of " + left + " bytes (expected: at most " + largest + ")")
                        .refusal();
            }
            filled = 0;
            lease = bodies.lease();
            message = new byte[(int) Math.min(left, Math.max(following, FIRST_ALLOCATION))];
        }
    }

    private void gather(ByteBuf data) {
        byte[] bytes = message;
        BodyBudget.Lease held = lease;
        if (bytes == null || held == null) {
            throw new IllegalStateException("read after a refusal");
        }
        int some = (int) Math.min(left, data.readableBytes());
        held.growTo(filled + some);
        if (filled + some > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(filled + left, Math.max(filled + some, 2L * bytes.length)));
            message = bytes;
        }
        data.readBytes(bytes, filled, some);
        filled += some;
        left -= some;
    }

    private void deliver() {
        byte[] whole = message;
        BodyBudget.Lease held = lease;
        message = null;
        lease = null;
        if (whole != null && held != null) {
            receiver.onMessage(flags, whole, held);
        }
    }
}
