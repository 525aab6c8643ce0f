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
     * Returns what the response says. Only an error of a gateway's own to a call that it may not repeat promises that
     * the call was not executed, unless its text says that it may have been. An error without a gateway comes from
     * Nginx or a broken connection, one with an instance is the application's own.
     */
    static Told told(Kind kind, Reply reply) {
        if (reply.code() == Code.OK) {
            return Told.OK;
        }
        boolean gatewaysOwn = !reply.gateway().isEmpty() && reply.instance().isEmpty();
        boolean promises = kind == Kind.UNMARKED
                && gatewaysOwn
                && !PROMISE_NOTHING.contains(reply.code())
                && !Doubt.isToldBy(reply.message());
        return promises ? Told.NOT_EXECUTED : Told.UNKNOWN;
    }

    /** Returns whether the same request may succeed later. The other errors are the application's last word. */
    static boolean worthARepeat(Code code) {
        return WORTH_A_REPEAT.contains(code);
    }
}
