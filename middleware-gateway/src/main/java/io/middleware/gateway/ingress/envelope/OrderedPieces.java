package io.middleware.gateway.ingress.envelope;

import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Passes pieces of a body on in order, although some must be worked on first: those after them wait. Pieces that are
 * ready at the same time leave together. Confined to the stream's event loop.
 */
final class OrderedPieces {
    /** Bytes up to which pieces are copied together; larger ones leave as they are. */
    private static final int COPIED = 64 << 10;

    private final Output output;
    private final Queue<Piece> waiting = new ArrayDeque<>();
    private final List<ByteBuf> ready = new ArrayList<>();
    private @Nullable Work current;
    private @Nullable Disposable running;
    private boolean advancing;
    private boolean closed;

    /** Gets the pieces. */
    interface Output {
        /** Gets bytes, which it must release. */
        void onBytes(ByteBuf bytes);

        /** Called with the last bytes, which may be none; nothing follows. */
        void onEnd(ByteBuf bytes);

        /** Called when work has failed; nothing follows. */
        void onFailure(Throwable reason);

        /** Called when work that took its time is done, and no other has begun. */
        void onIdle();
    }

    private sealed interface Piece {}

    private record Ready(ByteBuf bytes) implements Piece {}

    private record Work(Mono<ByteBuf> result, BodyBudget.Lease lease) implements Piece {}

    private enum End implements Piece {
        END
    }

    OrderedPieces(Output output) {
        this.output = output;
    }

    /** Adds bytes that are ready, and takes them over. */
    void add(ByteBuf bytes) {
        if (closed) {
            bytes.release();
        } else {
            waiting.add(new Ready(bytes));
        }
    }

    /** Adds work, which begins in its turn. The lease is closed when it has ended. */
    void add(Mono<ByteBuf> result, BodyBudget.Lease lease) {
        if (closed) {
            lease.close();
        } else {
            waiting.add(new Work(result, lease));
        }
    }

    /** Adds the end. */
    void end() {
        waiting.add(End.END);
    }

    /** Returns whether pieces wait for work. */
    boolean isBusy() {
        return current != null;
    }

    /** Passes on what is ready; called after pieces were added. */
    void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        while (!closed && current == null && !waiting.isEmpty()) {
            switch (waiting.remove()) {
                case Ready piece -> ready.add(piece.bytes());
                case Work work -> begin(work);
                case End end -> {
                    ByteBuf rest = takeReady();
                    closed = true;
                    output.onEnd(rest);
                }
            }
        }
        advancing = false;
        if (!closed && !ready.isEmpty()) {
            output.onBytes(takeReady());
        }
    }

    /** Drops everything. */
    void close() {
        closed = true;
        Disposable work = running;
        running = null;
        if (current != null) {
            current.lease().close();
            current = null;
        }
        if (work != null) {
            work.dispose();
        }
        for (Piece piece : waiting) {
            switch (piece) {
                case Ready bytes -> bytes.bytes().release();
                case Work next -> next.lease().close();
                case End end -> {}
            }
        }
        waiting.clear();
        ready.forEach(ByteBuf::release);
        ready.clear();
    }

    private void begin(Work work) {
        current = work;
        Disposable subscription = work.result().subscribe(bytes -> done(work, bytes), reason -> failed(work, reason));
        if (current == work) {
            running = subscription;
        }
    }

    private void done(Work work, ByteBuf bytes) {
        if (current != work) {
            bytes.release();
            return;
        }
        finish(work);
        ready.add(bytes);
        if (!advancing) {
            advance();
            if (current == null) {
                output.onIdle();
            }
        }
    }

    private void failed(Work work, Throwable reason) {
        if (current == work) {
            finish(work);
            close();
            output.onFailure(reason);
        }
    }

    private void finish(Work work) {
        current = null;
        running = null;
        work.lease().close();
    }

    private ByteBuf takeReady() {
        if (ready.size() == 1) {
            return ready.removeLast();
        }
        ByteBuf[] all = ready.toArray(ByteBuf[]::new);
        ready.clear();
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
}
