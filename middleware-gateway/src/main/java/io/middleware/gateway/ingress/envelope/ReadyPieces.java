package io.middleware.gateway.ingress.envelope;

import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Bytes that can leave, and the leases of those and of what has left, but has not gone yet. Confined to one thread. */
final class ReadyPieces {
    /** Bytes up to which pieces are copied together; larger ones leave as they are. */
    private static final int COPIED = 64 << 10;

    private final List<ByteBuf> pieces = new ArrayList<>();
    private final List<BodyBudget.Lease> leases = new ArrayList<>();
    private int size;

    void add(ByteBuf piece) {
        pieces.add(piece);
        size += piece.readableBytes();
    }

    /** Adds a piece whose memory the lease holds. */
    void add(ByteBuf piece, BodyBudget.Lease lease) {
        lease.shrinkTo(piece.readableBytes());
        leases.add(lease);
        add(piece);
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    /** Returns whether they should leave before more is added. */
    boolean areMany() {
        return size > COPIED;
    }

    /** Returns all bytes, which may be none. */
    ByteBuf take() {
        size = 0;
        if (pieces.size() == 1) {
            return pieces.removeLast();
        }
        ByteBuf[] all = pieces.toArray(ByteBuf[]::new);
        pieces.clear();
        ByteBuf joined = Unpooled.wrappedBuffer(all.length, all);
        if (all.length == 0 || joined.readableBytes() > COPIED) {
            return joined;
        }
        try {
            return Unpooled.copiedBuffer(joined);
        } finally {
            joined.release();
        }
    }

    /** Called when what was taken is not in memory any more. */
    void gone() {
        leases.forEach(BodyBudget.Lease::close);
        leases.clear();
    }

    /** Drops what was not taken. */
    void drop() {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
        size = 0;
    }
}
