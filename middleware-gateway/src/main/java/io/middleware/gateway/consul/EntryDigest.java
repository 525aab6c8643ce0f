package io.middleware.gateway.consul;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Tells entries apart by their bytes: two independent 64-bit hashes and the length. Not for what an attacker may choose: who writes
 * to the registry decides where calls go anyway.
 *
 * <p>Source: the multiplications and shifts are those of MurmurHash3 by A. Appleby, fed eight bytes at a time.
 */
record EntryDigest(long one, long other, int length) {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long A = 0x87c37b91114253d5L;
    private static final long B = 0x4cf5ad432745937fL;

    /** Returns the digest of these bytes. */
    static EntryDigest of(byte[] bytes, int from, int length) {
        long one = length;
        long other = ~(long) length;
        int at = from;
        int end = from + length;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long next = (long) LONGS.get(bytes, at);
            one = Long.rotateLeft(one ^ next * A, 31) * B;
            other = Long.rotateLeft(other ^ next * B, 29) * A;
        }
        for (; at < end; at++) {
            one = Long.rotateLeft(one ^ bytes[at] * A, 31) * B;
            other = Long.rotateLeft(other ^ bytes[at] * B, 29) * A;
        }
        return new EntryDigest(mix(one), mix(other), length);
    }

    private static long mix(long hash) {
        long mixed = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(one);
    }
}
