package io.middleware.core;

/**
 * Hashes that are the same in every process, so that all gateways place a key alike. They resist no attacker: who chooses keys can
 * choose where they go.
 *
 * <p>Source: {@link #of} is FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo) over UTF-16 units; {@link #mix} is the finalizer "Mix13" of
 * D. Stafford, "Better Bit Mixing", 2011, which SplitMix64 uses.
 */
public final class Hash64 {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Hash64() {}

    /** Returns the hash of a text. All of its bits depend on each character. */
    public static long of(CharSequence text) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return mix(hash);
    }

    /** Returns a hash of both, in which each bit depends on all bits of both. */
    public static long of(long a, long b) {
        return mix(a ^ Long.rotateLeft(b, 32));
    }

    private static long mix(long z) {
        long y = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        long x = (y ^ (y >>> 27)) * 0x94d049bb133111ebL;
        return x ^ (x >>> 31);
    }
}
