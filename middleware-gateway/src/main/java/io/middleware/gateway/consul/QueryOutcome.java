package io.middleware.gateway.consul;

/** Learns how the queries of a client to Consul end. */
interface QueryOutcome {
    /** Called when a client has had a response. Returns whether its request before had failed. */
    boolean onSuccess(Object client);

    /** Called when a client has had none, or none that can be used; {@code why}: for a person. */
    void onFailure(Object client, String why);

    /** Called when a client has ended. */
    void onEnd(Object client);
}
