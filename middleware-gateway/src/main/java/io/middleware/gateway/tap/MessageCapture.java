package io.middleware.gateway.tap;

import io.middleware.core.CallHandler;
import io.middleware.core.OngoingCall;
import io.middleware.gateway.ingress.CallGate;
import org.springframework.core.Ordered;

/** Keeps the first bytes of each call's messages while somebody wants to read them. Innermost, so that the record knows its caller. */
final class MessageCapture implements CallGate.Part, Ordered {
    private final Tap tap;

    MessageCapture(Tap tap) {
        this.tap = tap;
    }

    @Override
    public CallHandler around(CallHandler calls) {
        return call -> {
            if (!tap.wantsMessages()) {
                return calls.start(call);
            }
            CapturedCaller caller = new CapturedCaller(call);
            OngoingCall ongoing = calls.start(call.withCaller(caller));
            return ongoing == null ? null : new CapturedCall(ongoing, caller);
        };
    }

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }
}
