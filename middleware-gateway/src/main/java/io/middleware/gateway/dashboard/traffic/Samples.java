package io.middleware.gateway.dashboard.traffic;

import io.middleware.core.Call;
import io.middleware.core.Ticker;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Step;
import io.middleware.gateway.headers.MiddlewareHeaders;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Some of the last calls, to be drawn: up to ten a second of the usual ones, and up to ten of the others. */
final class Samples {
    private static final long APART = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long KEPT = TimeUnit.MILLISECONDS.toNanos(1500);
    private static final int MOST_ATTEMPTS = 8;

    private final String gateway;
    private final Ticker ticker;
    private final InstantSource clock = InstantSource.system();
    private final AtomicLong nextUsual;
    private final AtomicLong nextOther;
    private final Deque<Kept> kept = new ArrayDeque<>();

    private record Kept(long at, CallView call) {}

    Samples(String gateway, Ticker ticker) {
        this.gateway = gateway;
        this.ticker = ticker;
        this.nextUsual = new AtomicLong(ticker.nanos());
        this.nextOther = new AtomicLong(ticker.nanos());
    }

    /** Keeps a call if it is time for another one. {@code usual}: nothing happened on its way. */
    void offer(CallRecord call, boolean usual) {
        long now = call.end().at();
        AtomicLong next = usual ? nextUsual : nextOther;
        long due = next.get();
        if (now - due < 0 || !next.compareAndSet(due, now + APART)) {
            return;
        }
        CallView view = view(call);
        synchronized (this) {
            forgetOld(now);
            kept.addLast(new Kept(now, view));
        }
    }

    synchronized List<CallView> last() {
        forgetOld(ticker.nanos());
        return kept.stream().map(Kept::call).toList();
    }

    private void forgetOld(long now) {
        while (!kept.isEmpty() && now - kept.getFirst().at > KEPT) {
            kept.removeFirst();
        }
    }

    private CallView view(CallRecord call) {
        double took = millis(call.end().at() - call.startedAt());
        List<CallView.Step> attempts = new ArrayList<>();
        List<Step> steps = call.steps();
        for (int i = 0; i < steps.size() && attempts.size() < MOST_ATTEMPTS; i++) {
            if (steps.get(i) instanceof Step.Started started) {
                Step.Ended ended = ended(steps, i, started.attempt());
                attempts.add(new CallView.Step(
                        started.instance().id(),
                        started.hedge() ? "hedge" : started.attempt() == 1 ? "first" : "retry",
                        millis(started.at() - call.startedAt()),
                        ended == null ? null : millis(ended.at() - call.startedAt()),
                        started.attempt() == call.end().attempt(),
                        ended != null && Traffic.isTrouble(ended.outcome())));
            }
        }
        Call made = call.call();
        return new CallView(
                made == null ? "" : String.valueOf(made.headers().get(MiddlewareHeaders.CALL_ID)),
                gateway,
                clock.millis() - (long) took,
                took,
                call.path(),
                call.end().code().name(),
                call.service() == null ? "" : call.service().name(),
                attempts);
    }

    private static Step.@Nullable Ended ended(List<Step> steps, int start, int attempt) {
        for (int i = start + 1; i < steps.size(); i++) {
            if (steps.get(i) instanceof Step.Ended ended && ended.attempt() == attempt) {
                return ended;
            }
        }
        return null;
    }

    private static double millis(long nanos) {
        return Math.round(nanos / 10_000.0) / 100.0;
    }
}
