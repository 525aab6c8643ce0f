package io.middleware.gateway.security;

import io.middleware.core.Call;
import io.middleware.core.Failure;
import io.middleware.core.Ticker;
import io.middleware.core.record.CallListener;
import io.middleware.core.record.CallRecord;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Refuses calls, counts them, and has them recorded as those that pass. */
public final class Refusals {
    private final Ticker ticker;
    private final @Nullable CallListener listener;
    private final LongAdder unauthenticated = new LongAdder();
    private final LongAdder denied = new LongAdder();

    /** {@code listener}: gets the record of each call that is refused; null for none. */
    public Refusals(Ticker ticker, @Nullable CallListener listener) {
        this.ticker = ticker;
        this.listener = listener;
    }

    /** Ends a call with a failure. Called on the call's thread. */
    void refuse(Call call, Failure failure) {
        switch (failure.code()) {
            case UNAUTHENTICATED -> unauthenticated.increment();
            case PERMISSION_DENIED -> denied.increment();
            default -> {}
        }
        if (isMethod(call)) {
            new CallRecord(call, null, null, ticker, null, listener).concluded(failure.code(), failure, false);
        }
        call.caller().onFailure(failure);
    }

    /** Documents are no calls, and counted as such nowhere. */
    private static boolean isMethod(Call call) {
        return call.path().startsWith("/");
    }

    /** Returns how many calls were refused for their credential, or for having none. */
    long unauthenticated() {
        return unauthenticated.sum();
    }

    /** Returns how many calls no rule allowed to a caller who was known. */
    long denied() {
        return denied.sum();
    }
}
