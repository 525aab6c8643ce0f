package io.middleware.core.stale;

import io.middleware.core.Chunk;
import java.util.Arrays;

/** Puts the chunks of a message together, unless it gets too large. */
final class BoundedBuffer {
    private static final byte[] EMPTY = new byte[0];

    private final int maxBytes;
    private byte[] bytes = EMPTY;
    private int size;
    private boolean tooLarge;

    BoundedBuffer(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Adds the bytes of a chunk, which stays the owner's. */
    void add(Chunk chunk) {
        int newSize = size + chunk.size();
        tooLarge |= newSize < 0 || newSize > maxBytes;
        if (tooLarge) {
            bytes = EMPTY;
            return;
        }
        if (newSize > bytes.length) {
            // doubles from the second chunk on: a caller that sends single bytes must not cause a copy of all with each
            bytes = Arrays.copyOf(bytes, size == 0 ? newSize : Math.max(newSize, Math.min(maxBytes, 2 * size)));
        }
        chunk.copyTo(bytes, size);
        size = newSize;
    }

    boolean tooLarge() {
        return tooLarge;
    }

    byte[] bytes() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }
}
