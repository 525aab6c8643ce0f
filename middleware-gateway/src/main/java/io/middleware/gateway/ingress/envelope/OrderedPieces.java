package io.middleware.gateway.ingress.envelope;

import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Passes pieces of a body on in order, although some must be worked on first: those after them wait. Pieces that are
 * ready at the same time leave together. Work begins only while the output takes more, and its result is held by its
 * lease until then: what has been passed on is still in memory. Confined to the stream's event loop.
 */
final class OrderedPieces {
    private final Output output;
    private final Queue<Piece> waiting = new ArrayDeque<>();
    private final ReadyPieces ready = new ReadyPieces();
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

        /** Called when some was passed on because work that took its time is done, or because of {@link #resume}. */
        void onProgress();

        /** Returns whether it takes more; if not, {@link #resume} is called once it does. */
        boolean isWritable();
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

    /** Adds work, which begins in its turn. The lease is closed when its result has left, or never will. */
    void add(Mono<ByteBuf> result, BodyBudget.Lease lease) {
        if (closed) {
            lease.close();
        } else {
            waiting.add(new Work(result, lease));
        }
    }

    /** Adds the end. */
    void end() {
        if (!closed) {
            waiting.add(End.END);
        }
    }

    /** Returns whether pieces wait, for work or for the output. */
    boolean isBusy() {
        return current != null || !waiting.isEmpty();
    }

    /** Passes on what is ready; called after pieces were added. */
    void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        while (!closed && step()) {
            // until the rest must wait
        }
        advancing = false;
    }

    /** Called when the output takes more again. */
    void resume() {
        ready.gone();
        advance();
        output.onProgress();
    }

    /** Returns whether anything was done. */
    private boolean step() {
        if (ready.areMany() || !mayTakeNext()) {
            if (ready.isEmpty()) {
                return false;
            }
            output.onBytes(ready.take());
            checkWhetherGone();
            return true;
        }
        switch (waiting.remove()) {
            case Ready piece -> ready.add(piece.bytes());
            case Work work -> begin(work);
            case End end -> {
                ByteBuf rest = ready.take();
                closed = true;
                output.onEnd(rest);
                checkWhetherGone();
            }
        }
        return true;
    }

    private boolean mayTakeNext() {
        Piece next = waiting.peek();
        return current == null && next != null && (!(next instanceof Work) || output.isWritable());
    }

    private void checkWhetherGone() {
        if (output.isWritable()) {
            ready.gone();
        }
    }

    /** Drops everything; what was passed on has gone. */
    void close() {
        stop();
        ready.gone();
    }

    /** Drops what is not passed on yet. */
    void stop() {
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
        ready.drop();
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
        current = null;
        running = null;
        ready.add(bytes, work.lease());
        if (!advancing) {
            advance();
            output.onProgress();
        }
    }

    private void failed(Work work, Throwable reason) {
        if (current == work) {
            stop();
            output.onFailure(reason);
        }
    }
}
