package io.middleware.gateway.security;

import io.middleware.core.Call;
import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.OngoingCall;
import io.middleware.core.Ticker;
import io.middleware.core.Timers;
import io.middleware.gateway.security.identity.Verdict;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A call of which is not known yet whether it may start. It takes no more of the request than has arrived already, and passes all on
 * once it has started. Confined to the call's thread.
 */
final class PendingCall implements OngoingCall {
    private final Call call;
    private final Starter starter;
    private final Queue<Chunk> chunks = new ArrayDeque<>();
    private Timers.@Nullable Timer deadline;
    private @Nullable OngoingCall started;
    private boolean halfClosed;
    private boolean wantsMore = true;
    private boolean settled;

    /** Starts a call, or refuses it, when that is decided. */
    @FunctionalInterface
    interface Starter {
        @Nullable
        OngoingCall start(Call call, Verdict verdict);
    }

    private PendingCall(Call call, Starter starter) {
        this.call = call;
        this.starter = starter;
    }

    static PendingCall of(Call call, Verdict.Pending pending, Ticker ticker, Starter starter) {
        PendingCall waiting = new PendingCall(call, starter);
        if (call.deadline() != Call.NO_DEADLINE) {
            waiting.deadline = call.timers()
                    .schedule(
                            () -> waiting.settle(new Verdict.Refused(new Failure(
                                    Code.DEADLINE_EXCEEDED, "the deadline has passed while the token was verified"))),
                            Math.max(0, call.deadline() - ticker.nanos()));
        }
        pending.verdict().thenAccept(verdict -> call.timers().schedule(() -> waiting.settle(verdict), 0));
        return waiting;
    }

    private void settle(Verdict verdict) {
        if (settled) {
            return;
        }
        end();
        started = starter.start(call, verdict);
        if (started == null) {
            release();
            return;
        }
        started.wantMore(wantsMore);
        while (!chunks.isEmpty()) {
            started.send(chunks.remove(), halfClosed && chunks.isEmpty());
            halfClosed &= !chunks.isEmpty();
        }
        if (halfClosed) {
            started.halfClose();
        }
        call.caller().onWritabilityChanged();
    }

    private void end() {
        settled = true;
        if (deadline != null) {
            deadline.cancel();
        }
    }

    private void release() {
        chunks.forEach(Chunk::release);
        chunks.clear();
    }

    @Override
    public void send(Chunk chunk, boolean last) {
        if (started != null) {
            started.send(chunk, last);
        } else if (settled) {
            chunk.release();
        } else {
            chunks.add(chunk);
            halfClosed |= last;
        }
    }

    @Override
    public void halfClose() {
        if (started != null) {
            started.halfClose();
        } else {
            halfClosed = true;
        }
    }

    @Override
    public void cancel() {
        if (started != null) {
            started.cancel();
        } else if (!settled) {
            end();
            release();
        }
    }

    /** Once it is refused or cancelled, what still comes is dropped. */
    @Override
    public boolean writable() {
        return started == null ? settled : started.writable();
    }

    @Override
    public void wantMore(boolean more) {
        wantsMore = more;
        if (started != null) {
            started.wantMore(more);
        }
    }

    @Override
    public OngoingCall actual() {
        return started == null ? this : started.actual();
    }
}
