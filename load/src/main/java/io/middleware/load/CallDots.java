package io.middleware.load;

import io.middleware.load.report.Dot;
import io.middleware.load.report.Mark;
import java.util.function.Function;

/** Makes calls the dots of a timeline. */
public final class CallDots {

    private static final long LATE = 100_000;

    private CallDots() {}

    /** @param failed how a call that failed is drawn */
    public static Dot of(CallRecord call, Function<CallRecord, Mark> failed) {
        Reply reply = call.reply();
        Mark mark = reply.ok() ? answered(call) : failed.apply(call);
        return new Dot(
                call.dueMicros(),
                call.latencyMicros(),
                reply.instance(),
                reply.gateway(),
                mark,
                mark == Mark.ORDINARY ? "" : details(call));
    }

    private static Mark answered(CallRecord call) {
        if (!call.reply().fallback().isEmpty()) {
            return Mark.FALLBACK;
        }
        if (call.reply().attempts() > 1) {
            return Mark.MOVED;
        }
        return call.latencyMicros() > LATE ? Mark.SLOW : Mark.ORDINARY;
    }

    /** Returns {@code GRPC 1f0c…, 31.2 ms, hello-service-2 by gateway-1, 2 x} or the error. */
    private static String details(CallRecord call) {
        Reply reply = call.reply();
        StringBuilder text = new StringBuilder(call.kind().name());
        text.append(' ').append(call.callId()).append(", ").append(Summary.millis(call.latencyMicros()));
        if (!reply.instance().isEmpty()) {
            text.append(", ").append(reply.instance());
        }
        if (!reply.gateway().isEmpty()) {
            text.append(" < ").append(reply.gateway());
        }
        if (reply.attempts() > 1) {
            text.append(", ").append(reply.attempts()).append(" x");
        }
        return reply.ok()
                ? text.toString()
                : text.append(", ").append(reply.error()).toString();
    }
}
