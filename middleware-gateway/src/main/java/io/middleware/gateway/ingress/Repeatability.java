package io.middleware.gateway.ingress;

import io.middleware.core.Call;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.IdempotencyKey;
import io.middleware.gateway.headers.MiddlewareHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a caller's headers say about running its call again.
 *
 * @param keyed       it has an idempotency key
 * @param resentAfter how long ago it was sent first: Nginx and {@code MiddlewareClient} say so, and gRPC's libraries of their own
 *                    retries, but not how long; null if it was not sent before
 */
public record Repeatability(boolean keyed, @Nullable Duration resentAfter) {
    private static final int MOST = 2;
    private static final int LONGEST = 12;

    /** Reads the headers, and makes them those that servers get. */
    public static Repeatability take(Http2Headers request) {
        boolean keyed = IdempotencyKey.normalize(request);
        CharSequence told = request.getAndRemove(MiddlewareHeaders.RESENT);
        Duration after = told == null ? null : time(told);
        return new Repeatability(keyed, keyed && isRetry(request) ? longer(after, Call.RESENT_AT_ANY_TIME) : after);
    }

    /** A call that says when it was sent first may be retried by the caller's library on top. */
    private static Duration longer(@Nullable Duration one, Duration other) {
        return one == null || one.compareTo(other) < 0 ? other : one;
    }

    /** Returns the sum of the times that are told: by the caller, by Nginx, or by both, with a space between. */
    private static Duration time(CharSequence told) {
        Duration sum = Duration.ZERO;
        for (String each : told.toString().split(" ", MOST)) {
            sum = sum.plus(seconds(each));
        }
        return sum;
    }

    /** Returns the usual longest for what is no number of seconds, such as "yes". */
    private static Duration seconds(String text) {
        return text.length() <= LONGEST && text.matches("[0-9]+(\\.[0-9]+)?")
                ? Duration.ofMillis(new BigDecimal(text)
                        .movePointRight(3)
                        .setScale(0, RoundingMode.UP)
                        .longValueExact())
                : Call.RESENT_AT_ANY_TIME;
    }

    /** A caller that retries without a key has decided that for itself. */
    private static boolean isRetry(Http2Headers request) {
        CharSequence attempts = request.get(GrpcHeaders.PREVIOUS_ATTEMPTS);
        return attempts != null && !"0".contentEquals(attempts);
    }

    /** Returns the call with what is known of its past. {@code call}: made with {@link #keyed}. */
    public Call addTo(Call call) {
        return resentAfter == null || !keyed
                ? call.withResentAfter(resentAfter)
                : call.withResentAfter(resentAfter).withCaller(new ResentCaller(call.caller()));
    }
}
