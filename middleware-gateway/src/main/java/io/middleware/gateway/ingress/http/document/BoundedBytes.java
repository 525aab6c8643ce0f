package io.middleware.gateway.ingress.http.document;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Bytes in memory, up to a limit. */
final class BoundedBytes extends OutputStream {
    private final int limit;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 << 10);

    /** Says, without a stack trace, that there would be more bytes than the limit. */
    static final class TooLargeException extends RuntimeException {
        TooLargeException() {
            super("too large", null, false, false);
        }
    }

    BoundedBytes(int limit) {
        this.limit = limit;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        if (length > limit - bytes.size()) {
            throw new TooLargeException();
        }
        bytes.write(from, offset, length);
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }
}
