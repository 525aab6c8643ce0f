package io.middleware.core;

/** Some bytes of a message, owned by whoever holds it last: pass it on or release it. */
public interface Chunk {
    int size();

    /** A second handle on the same bytes, to be passed on or released on its own. */
    Chunk copy();

    /** Puts all of its bytes into {@code target}, the first at index {@code at}. */
    void copyTo(byte[] target, int at);

    void release();
}
