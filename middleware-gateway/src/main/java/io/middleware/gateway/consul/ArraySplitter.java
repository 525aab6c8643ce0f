package io.middleware.gateway.consul;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Splits a JSON array into its elements while its bytes arrive, so that a list of thousands is never held whole. What
 * an element contains is not checked: its reader does that.
 */
final class ArraySplitter {
    private static final int CHUNK = 16 << 10;
    private static final int FIRST_SIZE = 2048;
    private static final int MOST_BYTES = 16 << 20;

    private final Listener listener;
    private final byte[] chunk = new byte[CHUNK];
    /** The beginning of an element whose end has not arrived. */
    private byte[] begun = new byte[FIRST_SIZE];

    private int begunLength;
    private int depth;
    private boolean opened;
    private boolean closed;
    private boolean inString;
    private boolean escaped;

    /** Gets the elements, in order. */
    interface Listener {
        /** Called with an element: these bytes, which are overwritten afterwards. */
        void onElement(byte[] bytes, int from, int length) throws IOException;
    }

    ArraySplitter(Listener listener) {
        this.listener = listener;
    }

    /** Takes the next bytes. */
    void add(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int length = Math.min(CHUNK, bytes.remaining());
            bytes.get(chunk, 0, length);
            split(length);
        }
    }

    private void split(int length) throws IOException {
        int from = 0;
        int at = 0;
        while (at < length) {
            if (depth == 0) {
                from = at;
                outside(chunk[at++]);
            } else if (inString) {
                at = skipString(at, length);
            } else {
                inside(chunk[at++]);
                if (depth == 0) {
                    end(from, at);
                }
            }
        }
        if (depth > 0) {
            keep(from, length);
        }
    }

    private void outside(byte next) throws IOException {
        switch (next) {
            case ' ', '\n', '\r', '\t' -> {}
            case '[' -> {
                require(!opened);
                opened = true;
            }
            case ',' -> require(opened && !closed);
            case ']' -> {
                require(opened && !closed);
                closed = true;
            }
            case '{' -> {
                require(opened && !closed);
                depth = 1;
            }
            default -> require(false);
        }
    }

    private static void require(boolean met) throws IOException {
        if (!met) {
            throw new IOException("the response is not a list of objects");
        }
    }

    private void inside(byte next) {
        switch (next) {
            case '"' -> inString = true;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            default -> {}
        }
    }

    /** Returns the index after the end of the string, or that of the chunk. Most bytes are in strings. */
    private int skipString(int from, int length) {
        for (int at = from; at < length; at++) {
            byte next = chunk[at];
            if (escaped) {
                escaped = false;
            } else if (next == '\\') {
                escaped = true;
            } else if (next == '"') {
                inString = false;
                return at + 1;
            }
        }
        return length;
    }

    private void end(int from, int to) throws IOException {
        if (begunLength == 0) {
            listener.onElement(chunk, from, to - from);
            return;
        }
        keep(from, to);
        int length = begunLength;
        begunLength = 0;
        listener.onElement(begun, 0, length);
    }

    private void keep(int from, int to) throws IOException {
        int length = begunLength + to - from;
        if (length > MOST_BYTES) {
            throw new IOException("an element of the response has more than " + MOST_BYTES + " bytes");
        }
        if (length > begun.length) {
            begun = Arrays.copyOf(begun, Math.max(length, 2 * begun.length));
        }
        System.arraycopy(chunk, from, begun, begunLength, to - from);
        begunLength = length;
    }

    /** Called after the last bytes. */
    void end() throws IOException {
        if (!closed) {
            throw new IOException("the response is not a list, or incomplete");
        }
    }
}
