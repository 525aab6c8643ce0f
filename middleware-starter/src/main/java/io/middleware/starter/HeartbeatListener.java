package io.middleware.starter;

/** Hears how each heartbeat fared, on the heartbeat's thread: whether Consul is there, once a second. */
public interface HeartbeatListener {

    void onSuccess();

    /** {@code reason} is for a person. */
    void onFailure(String reason);
}
