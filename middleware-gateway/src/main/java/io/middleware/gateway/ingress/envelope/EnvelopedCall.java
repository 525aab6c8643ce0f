package io.middleware.gateway.ingress.envelope;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.ingress.http.json.CallContext;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call, as its headers describe it.
 *
 * @param translation of its messages; null if they are serialized already
 * @param deadline    on the ticker's clock
 */
record EnvelopedCall(
        StreamServices services,
        RequestOptions options,
        @Nullable Translation translation,
        EventLoop loop,
        long deadline) {
    private static final Logger log = LoggerFactory.getLogger(EnvelopedCall.class);

    static EnvelopedCall of(
            StreamServices services, RequestOptions options, @Nullable Translation translation, EventLoop loop) {
        long timeout = options.timeout();
        return new EnvelopedCall(
                services,
                options,
                translation,
                loop,
                timeout > Long.MAX_VALUE / 2
                        ? Call.NO_DEADLINE
                        : services.ticker().nanos() + timeout);
    }

    /** Returns the context of one message, whose bytes the lease holds. */
    CallContext context(BodyBudget.Lease lease) {
        return new CallContext(loop, deadline, lease);
    }

    Gzip gzip() {
        return new Gzip(services.workers(), services.largest());
    }

    /** Returns the error to give for work that failed. */
    static ConnectError error(Throwable reason) {
        if (reason instanceof Refusal refusal && refusal.answer().error() != null) {
            return refusal.answer().error();
        }
        log.error("a call with enveloped messages failed in the gateway itself", reason);
        return new ConnectError(Code.INTERNAL, "the gateway failed; its log says more");
    }
}
