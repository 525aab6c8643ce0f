package io.middleware.gateway.ingress.http.json;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Decompresses gzip (RFC 1952), whose members follow one another. {@link java.util.zip.GZIPInputStream} calls itself
 * for each member that is empty, so that a few thousand overflow the stack.
 */
final class GzipMembers implements AutoCloseable {
    private static final int HEADER = 10;
    private static final int TRAILER = 8;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private final byte[] zipped;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private int at;

    /** @throws ZipException if it is not gzip */
    GzipMembers(byte[] zipped) throws ZipException {
        this.zipped = zipped;
        try {
            begin();
        } catch (ZipException e) {
            close();
            throw e;
        }
    }

    /** Returns how many bytes were read into the piece; -1 at the end. */
    int read(byte[] piece) throws DataFormatException, ZipException {
        while (true) {
            int read = inflater.inflate(piece);
            if (read > 0) {
                crc.update(piece, 0, read);
                return read;
            }
            if (!inflater.finished()) {
                throw new ZipException("incomplete, or with a dictionary");
            }
            end();
            if (!anotherBegins()) {
                return -1;
            }
            begin();
        }
    }

    /** Whatever else follows the last member is padding. */
    private boolean anotherBegins() {
        return zipped.length - at >= HEADER && octet(at) == 0x1f && octet(at + 1) == 0x8b;
    }

    private void begin() throws ZipException {
        int start = at;
        skip(HEADER);
        if (octet(start) != 0x1f || octet(start + 1) != 0x8b || octet(start + 2) != 8) {
            throw new ZipException("no header of gzip");
        }
        int flags = octet(start + 3);
        if ((flags & EXTRA) != 0) {
            skip(2);
            skip(octet(at - 2) | octet(at - 1) << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC) != 0) {
            crc.reset();
            crc.update(zipped, start, at - start);
            skip(2);
            if ((octet(at - 2) | octet(at - 1) << 8) != (crc.getValue() & 0xffff)) {
                throw new ZipException("another checksum of the header");
            }
        }
        crc.reset();
        inflater.reset();
        inflater.setInput(zipped, at, zipped.length - at);
    }

    private void end() throws ZipException {
        at = zipped.length - inflater.getRemaining();
        skip(TRAILER);
        if (word(at - TRAILER) != crc.getValue() || word(at - 4) != (inflater.getBytesWritten() & 0xffffffffL)) {
            throw new ZipException("another checksum or size");
        }
    }

    private void skip(int bytes) throws ZipException {
        if (bytes > zipped.length - at) {
            throw new ZipException("incomplete");
        }
        at += bytes;
    }

    private void skipText() throws ZipException {
        do {
            skip(1);
        } while (zipped[at - 1] != 0);
    }

    private int octet(int index) {
        return zipped[index] & 0xff;
    }

    private long word(int index) {
        return octet(index) | octet(index + 1) << 8 | octet(index + 2) << 16 | (long) octet(index + 3) << 24;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
