package io.middleware.gateway.ingress.http.json;

import io.netty.channel.EventLoop;

/**
 * What a call is bound to.
 *
 * @param loop     its caller's connection's
 * @param deadline on the failover's clock
 * @param callers  its caller's deadline, which servers are told
 * @param lease    what its bodies may hold
 */
public record CallContext(EventLoop loop, long deadline, long callers, BodyBudget.Lease lease) {
    /** {@code deadline}: its caller's. */
    CallContext(EventLoop loop, long deadline, BodyBudget.Lease lease) {
        this(loop, deadline, deadline, lease);
    }
}
