package io.middleware.gateway.security.rules;

import io.middleware.core.Call;
import io.middleware.core.CallHandler;
import io.middleware.core.OngoingCall;
import org.jspecify.annotations.Nullable;

/** Starts the calls that a rule allows, or refuses those that are more than it allows. */
@FunctionalInterface
public interface Admission {
    /** Starts all of them. */
    Admission UNLIMITED = (call, caller, rule, calls) -> calls.start(call);

    /**
     * Starts a call by {@code calls}, or ends it with a failure. Called on the call's thread.
     *
     * @param call   has the rule's priority already
     * @param caller such as {@code key:shop}; {@value Rule#ANONYMOUS} for one without a credential
     * @param rule   the one that allows the call
     * @return as {@link CallHandler#start}
     */
    @Nullable
    OngoingCall start(Call call, String caller, Rule rule, CallHandler calls);
}
