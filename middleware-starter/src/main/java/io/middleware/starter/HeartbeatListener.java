package io.middleware.starter;

/** Hears how each heartbeat fared, on the heartbeat's thread: whether Consul is there, once a second. */
public interface HeartbeatListener {

    void answered();

    /** {@code reason} is for a person. */
    void failed(String reason);
}
