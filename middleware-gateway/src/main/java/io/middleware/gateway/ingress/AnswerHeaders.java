package io.middleware.gateway.ingress;

import java.time.Duration;
import java.util.function.BiConsumer;

import io.middleware.core.Exchange;
import io.middleware.core.Instance;
import io.middleware.core.Pool;
import io.middleware.gateway.transport.GrpcHeaders;
import io.netty.util.AsciiString;

/** The headers by which an answer says what way it came. */
public final class AnswerHeaders {
    private AnswerHeaders() {
    }

    /**
     * Hands them to {@code set}. The last good answer tells of no instance, as none has answered.
     *
     * @param exchange null when no call was made
     */
    public static void tell(Exchange exchange, String gatewayId, BiConsumer<AsciiString, String> set) {
        set.accept(GrpcHeaders.GATEWAY, gatewayId);
        if (exchange == null) {
            return;
        }
        set.accept(GrpcHeaders.ATTEMPTS, Integer.toString(exchange.attempts()));
        Duration age = exchange.age();
        if (age != null) {
            set.accept(GrpcHeaders.FALLBACK, "stale");
            set.accept(GrpcHeaders.AGE, Long.toString(age.toSeconds()));
        }
        Instance instance = exchange.answeredBy();
        if (instance != null) {
            set.accept(GrpcHeaders.INSTANCE, instance.id());
            if (instance.pool() == Pool.SECONDARY) {
                set.accept(GrpcHeaders.FALLBACK, "secondary");
            }
        }
    }
}
