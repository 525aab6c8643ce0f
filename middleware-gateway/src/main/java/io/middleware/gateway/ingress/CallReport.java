package io.middleware.gateway.ingress;

import io.middleware.core.Failure;
import io.middleware.core.OngoingCall;
import io.middleware.core.call.Exchange;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.headers.GrpcStatus;
import io.middleware.gateway.headers.MiddlewareHeaders;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Adds to a response how the call went: the gateway, the instance and the attempts.
 *
 * @param gatewayId of this gateway
 * @param details   whether callers may see the names of instances and methods
 */
public record CallReport(String gatewayId, boolean details) {

    /** Returns the message for a call to which no instance responded. */
    public String message(Failure failure) {
        return details ? failure.detailed() : failure.message();
    }

    /**
     * Passes the headers to {@code set}. A stale response names no instance, as none has responded.
     *
     * @param call null if no call was made
     */
    public void addTo(@Nullable OngoingCall call, BiConsumer<AsciiString, String> set) {
        set.accept(MiddlewareHeaders.GATEWAY, gatewayId);
        if (call == null || !(call.actual() instanceof Exchange exchange)) {
            return;
        }
        set.accept(MiddlewareHeaders.ATTEMPTS, Integer.toString(exchange.attempts()));
        String tried = exchange.tried(details);
        if (tried != null) {
            set.accept(MiddlewareHeaders.TRIED, GrpcStatus.encodeMessage(tried).toString());
        }
        if (exchange.keyHonoured()) {
            set.accept(MiddlewareHeaders.IDEMPOTENCY_KEY, "honoured");
        }
        Duration age = exchange.age();
        if (age != null) {
            set.accept(MiddlewareHeaders.FALLBACK, "stale");
            set.accept(MiddlewareHeaders.AGE, Long.toString(age.toSeconds()));
        }
        Instance instance = exchange.answeredBy();
        if (instance != null) {
            if (details) {
                set.accept(MiddlewareHeaders.INSTANCE, instance.id());
            }
            if (instance.pool() == Pool.SECONDARY) {
                set.accept(MiddlewareHeaders.FALLBACK, "secondary");
            }
        }
    }
}
