package io.middleware.chaos.prove.workload;

/** Makes calls by one protocol. Waits for their ends; many threads may call at the same time. */
interface Target extends AutoCloseable {

    /** Makes one call. */
    Reply call(Request request) throws InterruptedException;

    /** Returns {@code gRPC} or {@code HTTP}. */
    String protocol();

    @Override
    void close();
}
