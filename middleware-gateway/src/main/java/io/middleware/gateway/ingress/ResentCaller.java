package io.middleware.gateway.ingress;

import io.middleware.core.Caller;
import io.middleware.core.Failure;

/**
 * Who gets the response to a call that was sent before. Whatever refuses the call now, such as a limit, does not know
 * what became of it then: so each failure says that it may have run.
 */
record ResentCaller(Caller caller) implements ForwardingCaller {
    private static final String NOTE = ". Note that it was sent before, and may already have run";
    private static final String TOLD = "may already have run";

    @Override
    public void onFailure(Failure failure) {
        caller.onFailure(
                failure.message().contains(TOLD)
                        ? failure
                        : new Failure(
                                failure.code(),
                                failure.message() + NOTE,
                                failure.detailed() + NOTE,
                                failure.headers()));
    }
}
