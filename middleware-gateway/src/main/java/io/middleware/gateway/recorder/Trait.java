package io.middleware.gateway.recorder;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Decision;
import io.middleware.core.record.Step;
import java.util.EnumSet;
import java.util.Set;

/** What makes a call unusual. */
enum Trait {
    /** The middleware ended it, or the server with a code that a server is to blame for. */
    FAILED,
    /** There was another attempt after one had ended. */
    RETRIED,
    HEDGED,
    /** An attempt was given up before it was sent, so that another instance could get the call. */
    MOVED,
    /** It took more than twice the hedge delay of its method. */
    SLOW,
    /** It had been sent before: by Nginx to another gateway, or by its caller. */
    RESENT,
    /** The middleware refused it: no instance had room, or its caller may not call, or not so much. */
    REFUSED,
    /** A secondary responded. */
    SECONDARY,
    /** The caller got a stale response. */
    STALE;

    static final Set<Trait> ONLY_REFUSED = Set.of(REFUSED);

    private static final int SLOW_FACTOR = 2;

    /** Returns what is unusual about a call that has ended; empty for nothing, and for a method that nobody serves. */
    static Set<Trait> of(CallRecord record) {
        if (record.service() == null) {
            return isRefusedAtTheGate(record) ? ONLY_REFUSED : Set.of();
        }
        Step.Concluded end = record.end();
        // nearly all calls: sent once, one attempt that succeeded, and was not slow
        if (record.attempts() == 1
                && end.code() == Code.OK
                && !isSlow(record)
                && !isSecondary(record)
                && !isResent(record)) {
            return Set.of();
        }
        Set<Trait> traits = EnumSet.noneOf(Trait.class);
        if (end.failure() != null || isServersFault(end.code())) {
            traits.add(end.code() == Code.RESOURCE_EXHAUSTED && record.attempts() == 0 ? REFUSED : FAILED);
        }
        if (end.stale()) {
            traits.add(STALE);
        }
        if (isSlow(record)) {
            traits.add(SLOW);
        }
        if (isSecondary(record)) {
            traits.add(SECONDARY);
        }
        if (isResent(record)) {
            traits.add(RESENT);
        }
        record.steps().forEach(step -> addTo(traits, step));
        return traits;
    }

    /** Returns whether its caller was refused, before anybody looked who serves the method. */
    static boolean isRefusedAtTheGate(CallRecord record) {
        return record.service() == null
                && switch (record.end().code()) {
                    case UNAUTHENTICATED, PERMISSION_DENIED, RESOURCE_EXHAUSTED -> true;
                    default -> false;
                };
    }

    private static void addTo(Set<Trait> traits, Step step) {
        if (step instanceof Step.Started started && started.attempt() > 1) {
            traits.add(started.hedge() ? HEDGED : RETRIED);
        } else if (step instanceof Step.Decided decided && decided.decision() instanceof Decision.MoveUnsent) {
            traits.add(MOVED);
        }
    }

    private static boolean isSlow(CallRecord record) {
        Service.Method method = record.method();
        return method != null
                && method.traits().unary()
                && record.nanos()
                        > SLOW_FACTOR * method.hedgeDelay().nanos(record.end().at());
    }

    /** Returns whether its time says something: that of a stream is what its ends make it. */
    static boolean isUnary(CallRecord record) {
        Service.Method method = record.method();
        return method != null && method.traits().unary();
    }

    private static boolean isResent(CallRecord record) {
        Call call = record.call();
        return call != null && call.resent();
    }

    private static boolean isSecondary(CallRecord record) {
        Instance answered = record.answeredBy();
        return answered != null && answered.pool() == Pool.SECONDARY;
    }

    private static boolean isServersFault(Code code) {
        return switch (code) {
            case UNKNOWN, INTERNAL, DATA_LOSS, UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED -> true;
            default -> false;
        };
    }
}
