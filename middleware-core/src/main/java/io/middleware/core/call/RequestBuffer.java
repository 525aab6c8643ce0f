package io.middleware.core.call;

import io.middleware.core.Chunk;
import io.middleware.core.Settings;
import io.middleware.core.instance.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The request's bytes, kept until the response begins so that another attempt can send them again. Gives up when the call, or all
 * calls together, would hold too much.
 */
final class RequestBuffer {
    private final Limits limits;
    private final List<Chunk> chunks = new ArrayList<>(2);
    private long size;
    private boolean closed;
    private boolean released;

    /** The limits of what may be held, of one request and of all together. */
    record Limits(Settings.Replays settings, AtomicLong held) {
        Limits(Settings.Replays settings) {
            this(settings, new AtomicLong());
        }
    }

    RequestBuffer(Limits limits) {
        this.limits = limits;
    }

    /** Keeps a copy of a chunk, if it can; the chunk stays the caller's. */
    void keep(Chunk chunk, boolean last) {
        closed |= last;
        if (released) {
            return;
        }
        size += chunk.size();
        if (limits.held.addAndGet(chunk.size()) > limits.settings.total() || size > limits.settings.perCall()) {
            release();
        } else {
            chunks.add(chunk.copy());
        }
    }

    void halfClose() {
        closed = true;
    }

    /** Returns whether the caller has sent all. */
    boolean closed() {
        return closed;
    }

    /** Returns whether all that the caller sent so far can be sent again. */
    boolean complete() {
        return !released;
    }

    void sendTo(Transport.Stream stream) {
        for (int i = 0, end = chunks.size() - 1; i <= end; i++) {
            stream.send(chunks.get(i).copy(), closed && i == end);
        }
        if (closed && chunks.isEmpty()) {
            stream.halfClose();
        }
    }

    /** Releases the bytes: from now on there is no other attempt. */
    void release() {
        if (!released) {
            released = true;
            limits.held.addAndGet(-size);
            chunks.forEach(Chunk::release);
            chunks.clear();
        }
    }
}
