package io.middleware.gateway.tap;

import io.middleware.core.Chunk;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The first {@value #MOST} bytes of one direction of a call. */
final class FirstBytes {
    static final int MOST = 4 << 10;

    private byte[] bytes = {};
    private boolean cut;

    /** Copies what there is room for. */
    void add(Chunk chunk) {
        int room = MOST - bytes.length;
        if (room == 0 || cut) {
            cut |= chunk.size() > 0;
            return;
        }
        byte[] more = new byte[chunk.size()];
        chunk.copyTo(more, 0);
        int taken = Math.min(room, more.length);
        cut = taken < more.length;
        int before = bytes.length;
        bytes = Arrays.copyOf(bytes, before + taken);
        System.arraycopy(more, 0, bytes, before, taken);
    }

    /** Returns them; {@code encoding}: of messages that are marked as compressed, null if none was named. */
    CapturedMessages.Frames frames(@Nullable String encoding) {
        return new CapturedMessages.Frames(bytes, cut, encoding);
    }
}
