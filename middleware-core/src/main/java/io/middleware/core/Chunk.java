package io.middleware.core;

/** Some bytes of a message. Its holder owns it, and must pass it on or release it. */
public interface Chunk {
    int size();

    /** Returns a second handle on the same bytes, which must be passed on or released as well. */
    Chunk copy();

    /** Copies all bytes into {@code target}, the first to index {@code at}. */
    void copyTo(byte[] target, int at);

    void release();
}
