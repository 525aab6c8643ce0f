package io.middleware.starter;

/** Called after each heartbeat, once a second and on the heartbeat's thread, with whether Consul responded. */
public interface HeartbeatListener {

    void onSuccess();

    /** {@code reason}: for a person. */
    void onFailure(String reason);
}
