package io.middleware.core.call;

import io.middleware.core.Outcome;
import io.middleware.core.directory.Route;
import io.middleware.core.instance.Instance;
import io.middleware.core.record.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the call's idempotency key lets it run more than once. It does as long as each attempt that may run is on an instance that
 * honours keys; then any further one must be on such an instance as well. Streams have no key: servers recognise one message.
 */
final class KeyedAttempts {
    private static final String SAFE =
            "it may already have run, and can safely be sent again with the same idempotency key";

    private final Route route;
    private final boolean keyed;
    private final @Nullable Duration resentAfter;
    private List<Instance> unkeyed = List.of();
    private int mayRun;

    KeyedAttempts(AttemptContext context, Route route) {
        this.route = route;
        this.resentAfter = context.call().resentAfter();
        // of a method that is not described, only the operator can know: keys are honoured where the registry says so
        this.keyed = context.call().idempotencyKey()
                && (context.method().traits().unary()
                        || !route.service().describes(context.call().path()));
    }

    /** Called when an attempt starts. */
    void onStart(Instance instance) {
        mayRun++;
        // by what it promises now: when the attempt ends, the service may consist of others
        if (keyed && !instance.registration().idempotencyKeys()) {
            if (unkeyed.isEmpty()) {
                unkeyed = new ArrayList<>(2);
            }
            unkeyed.add(instance);
        }
    }

    /** Called when an attempt ended without success. */
    void onFailure(Instance instance, Outcome outcome) {
        if (outcome.kind() == Outcome.Kind.UNSENT) {
            mayRun--;
            if (!unkeyed.isEmpty()) {
                unkeyed.remove(instance);
            }
        }
    }

    /** Returns whether the call may run once more: on {@link Route#honouringIdempotencyKeys} if it may have run at all. */
    boolean mayRepeat() {
        if (!keyed || !unkeyed.isEmpty()) {
            return false;
        }
        if (resentAfter != null) {
            return route.hasHonouredIdempotencyKeys(resentAfter);
        }
        return mayRun > 0 ? !route.honouringIdempotencyKeys().all().isEmpty() : route.honoursIdempotencyKeys();
    }

    /** Returns whether its caller may send it again with the same key, whatever instance it gets then. */
    boolean callerMayRepeat() {
        return keyed
                && unkeyed.isEmpty()
                && (resentAfter == null
                        ? route.honoursIdempotencyKeys()
                        : route.hasHonouredIdempotencyKeys(resentAfter));
    }

    /** Returns what its caller needs to know of a call that may have run and ended without success. */
    String note() {
        return ". Note that " + (callerMayRepeat() ? SAFE : Decision.MAY_HAVE_RUN);
    }
}
