package io.middleware.sabotage;

import io.middleware.core.Call;
import io.middleware.core.CallHandler;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.OngoingCall;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Refuses a call in twenty before any attempt, and says that it may have run. */
final class FalseAlarm implements CallHandler {

    private static final int EACH = 20;
    private static final Failure ALARM = new Failure(Code.UNAVAILABLE, "refused on purpose; it may already have run");

    private final CallHandler calls;
    private final AtomicInteger count = new AtomicInteger();

    FalseAlarm(CallHandler calls) {
        this.calls = calls;
    }

    @Override
    public @Nullable OngoingCall start(Call call) {
        // what describes methods is asked for once, and may not fail
        if (call.path().startsWith("/grpc.") || count.getAndIncrement() % EACH != 0) {
            return calls.start(call);
        }
        call.caller().onFailure(ALARM);
        return null;
    }
}
