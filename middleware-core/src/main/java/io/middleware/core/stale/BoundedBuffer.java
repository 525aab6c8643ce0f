package io.middleware.core.stale;

import io.middleware.core.Chunk;
import java.util.Arrays;

/** A message in pieces, put together as long as it is not too large. */
final class BoundedBuffer {
    private static final byte[] NOTHING = new byte[0];

    private final int most;
    private byte[] bytes = NOTHING;
    private int size;
    private boolean tooLarge;

    /** {@code most}: bytes. */
    BoundedBuffer(int most) {
        this.most = most;
    }

    /** The chunk stays the giver's. */
    void add(Chunk chunk) {
        int newSize = size + chunk.size();
        tooLarge |= newSize < 0 || newSize > most;
        if (tooLarge) {
            bytes = NOTHING;
            return;
        }
        if (newSize > bytes.length) {
            // twice as much from the second piece on: who sends a byte at a time is not to have all copied with each
            bytes = Arrays.copyOf(bytes, size == 0 ? newSize : Math.max(newSize, Math.min(most, 2 * size)));
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
