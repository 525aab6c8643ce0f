package io.middleware.chaos.prove.workload;

/** Makes calls by one protocol. Waits for their ends; many threads may call at the same time. */
interface Target extends AutoCloseable {

    /**
     * Makes one call.
     *
     * @param method full name
     * @param json   the request
     * @param callId its {@code x-call-id}
     * @param key    its {@code idempotency-key}; empty for none
     */
    Reply call(String method, String json, String callId, String key) throws InterruptedException;

    /** Returns {@code gRPC} or {@code HTTP}. */
    String protocol();

    @Override
    void close();
}
