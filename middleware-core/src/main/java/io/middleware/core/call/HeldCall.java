package io.middleware.core.call;

import io.middleware.core.Call;
import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Counts;
import io.middleware.core.Deadline;
import io.middleware.core.Failure;
import io.middleware.core.OngoingCall;
import io.middleware.core.StickyKeys;
import io.middleware.core.Timers;
import io.middleware.core.record.CallRecord;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call whose key is in its request. It keeps what comes of the request until its reader needs nothing more, then starts the call
 * and passes all on. The reader bounds what is kept.
 *
 * <p>A stream whose caller first waits for the server starts without a key after {@value #STREAM_SECONDS} s. Any other call waits
 * until its deadline, as it could not end before its request has come anyway. Confined to the call's thread.
 */
final class HeldCall implements OngoingCall {
    static final int STREAM_SECONDS = 1;

    private final Call call;
    private final Counts counts;
    private final Deadline deadline;
    private final CallRecord record;
    private final StickyKeys.Reader reader;
    private final Supplier<Exchange> starter;
    private final Queue<Chunk> chunks = new ArrayDeque<>(2);
    private final Timers.@Nullable Timer timer;
    private @Nullable Exchange started;
    private boolean requestComplete;
    private boolean wantsMore = true;
    private boolean ended;

    /** {@code starter}: starts the call with the key that {@code reader} has found. */
    HeldCall(
            Call call,
            Counts counts,
            boolean unary,
            Deadline deadline,
            CallRecord record,
            StickyKeys.Reader reader,
            Supplier<Exchange> starter) {
        this.call = call;
        this.counts = counts;
        this.deadline = deadline;
        this.record = record;
        this.reader = reader;
        this.starter = starter;
        long longest = unary ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(STREAM_SECONDS);
        long wait = Math.min(longest, deadline.left());
        this.timer = wait == Long.MAX_VALUE ? null : call.timers().schedule(this::onTimer, Math.max(0, wait));
    }

    private void onTimer() {
        if (started != null || ended) {
            return;
        }
        if (deadline.passed()) {
            Failure late = new Failure(
                    Code.DEADLINE_EXCEEDED,
                    "the deadline has passed before the request had come that says where it goes");
            end(late.code(), late, false);
            call.caller().onFailure(late);
        } else {
            start();
            call.caller().onWritabilityChanged();
        }
    }

    private void start() {
        stopTimer();
        Exchange exchange = starter.get();
        started = exchange;
        exchange.wantMore(wantsMore);
        while (!chunks.isEmpty()) {
            Chunk next = chunks.remove();
            exchange.send(next, requestComplete && chunks.isEmpty());
            requestComplete &= !chunks.isEmpty();
        }
        if (requestComplete) {
            exchange.halfClose();
        }
    }

    private void end(Code code, @Nullable Failure failure, boolean left) {
        ended = true;
        stopTimer();
        chunks.forEach(Chunk::release);
        chunks.clear();
        record.concluded(code, failure, left);
        counts.ended(code, record.age());
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel();
        }
    }

    @Override
    public void send(Chunk chunk, boolean last) {
        if (started != null) {
            started.send(chunk, last);
        } else if (ended) {
            chunk.release();
        } else {
            boolean known = reader.read(chunk);
            chunks.add(chunk);
            requestComplete |= last;
            if (known || last) {
                start();
            }
        }
    }

    @Override
    public void halfClose() {
        if (started != null) {
            started.halfClose();
        } else if (!ended) {
            requestComplete = true;
            start();
        }
    }

    @Override
    public void cancel() {
        if (started != null) {
            started.cancel();
        } else if (!ended) {
            end(Code.CANCELLED, null, true);
        }
    }

    @Override
    public boolean writable() {
        return started == null || started.writable();
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
        return started == null ? this : started;
    }
}
