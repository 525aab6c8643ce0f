package io.middleware.gateway.ingress.http.json;

import io.middleware.core.Call;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * The event loop, the deadlines and the memory of one call.
 *
 * @param loop     of its caller's connection
 * @param deadline on the ticker's clock; the caller's own, or the gateway's if it gave none
 * @param callers  the caller's own deadline, which is forwarded to servers
 * @param lease    the memory that its bodies hold
 * @param peer     see {@link Call#peer}
 */
public record CallContext(
        EventLoop loop,
        long deadline,
        long callers,
        BodyBudget.Lease lease,
        @Nullable String peer) {
    /** The context of bodies alone. {@code deadline}: the caller's own. */
    public CallContext(EventLoop loop, long deadline, BodyBudget.Lease lease) {
        this(loop, deadline, deadline, lease, null);
    }
}
