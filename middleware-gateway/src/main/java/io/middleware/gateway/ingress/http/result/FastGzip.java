package io.middleware.gateway.ingress.http.result;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compresses by gzip at its fastest level: a tenth to a third less small than by default, in a third of the time. */
public final class FastGzip {
    private static final int BUFFER = 8 << 10;

    private FastGzip() {}

    /** Returns the bytes compressed. */
    public static byte[] zip(byte[] plain) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream(plain.length / 8 + 512);
        try (OutputStream gzip = new Fastest(zipped)) {
            gzip.write(plain);
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return zipped.toByteArray();
    }

    private static final class Fastest extends GZIPOutputStream {
        Fastest(OutputStream to) throws IOException {
            super(to, BUFFER);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
