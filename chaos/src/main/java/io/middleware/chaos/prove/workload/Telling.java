package io.middleware.chaos.prove.workload;

import io.grpc.Status.Code;
import io.middleware.chaos.measure.Doubt;
import io.middleware.chaos.prove.history.Kind;
import io.middleware.chaos.prove.history.Told;
import java.util.EnumSet;
import java.util.Set;

/** What a caller may conclude from a response about the execution of its call. */
final class Telling {

    private static final Set<Code> PROMISE_NOTHING =
            EnumSet.of(Code.DEADLINE_EXCEEDED, Code.CANCELLED, Code.INTERNAL, Code.UNKNOWN);
    private static final Set<Code> WORTH_A_REPEAT = EnumSet.of(
            Code.UNAVAILABLE,
            Code.DEADLINE_EXCEEDED,
            Code.CANCELLED,
            Code.ABORTED,
            Code.RESOURCE_EXHAUSTED,
            Code.INTERNAL,
            Code.UNKNOWN);

    private Telling() {}

    /**
     * Returns what the response says. Only an error of a gateway's own to a call whose method is not idempotent promises
     * that the call was not executed, with a key or without, unless its text says that it may have been. An error without
     * a gateway comes from Nginx or a broken connection, one with an instance is the application's own.
     *
     * @param sentBefore Nginx may have given it to another gateway before, or its caller has sent it before, and says so
     */
    static Told told(Kind kind, boolean sentBefore, Reply reply) {
        if (reply.code() == Code.OK) {
            return Told.OK;
        }
        boolean gatewaysOwn = !reply.gateway().isEmpty() && reply.instance().isEmpty();
        if (kind == Kind.MARKED || !gatewaysOwn) {
            return Told.UNKNOWN;
        }
        if (Doubt.isToldBy(reply.message())) {
            return reply.attempts() == 0 && !sentBefore ? Told.UNFOUNDED : Told.UNKNOWN;
        }
        return PROMISE_NOTHING.contains(reply.code()) ? Told.UNKNOWN : Told.NOT_EXECUTED;
    }

    /** Returns whether the same request may succeed later. The other errors are the application's last word. */
    static boolean worthARepeat(Code code) {
        return WORTH_A_REPEAT.contains(code);
    }
}
