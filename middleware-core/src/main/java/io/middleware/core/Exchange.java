package io.middleware.core;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.resilience4j.retry.Retry;

/**
 * A call under way, between its caller and the instance that is to answer it. Confined to the call's thread: whoever holds it
 * calls it there, and no lock is taken.
 */
public final class Exchange {
    private final Failover failover;
    private final Call call;
    private final Service service;
    private final MethodTraits traits;
    private final long deadline;
    private final Replay replay;
    private final List<Instance> tried = new ArrayList<>(2);
    private Attempt attempt;
    private int attempts;
    private Story story;
    private Retry.AsyncContext<Outcome> series;
    private Headers heldHeaders;
    private boolean wanted = true;
    private boolean begun;
    private boolean done;
    private Timers.Timer deadlineTimer;
    private Timers.Timer backOff;

    Exchange(Failover failover, Call call, Service service, MethodTraits traits, long deadline, Replay replay) {
        this.failover = failover;
        this.call = call;
        this.service = service;
        this.traits = traits;
        this.deadline = deadline;
        this.replay = replay;
    }

    void start() {
        if (deadline == Call.NO_DEADLINE) {
            next();
        } else if (left() <= 0) {
            expire();
        } else {
            deadlineTimer = call.timers().schedule(this::expire, left());
            next();
        }
    }

    // from the caller

    /** More of the request; takes the chunk over. {@code last}: the caller sends no more. */
    public void send(Chunk chunk, boolean last) {
        if (done) {
            chunk.release();
            return;
        }
        replay.keep(chunk, last);
        if (attempt != null) {
            attempt.stream().send(chunk, last);
        } else {
            chunk.release();
            if (!replay.complete()) {
                fail(Code.UNAVAILABLE, "the request was too large to be kept while no instance could be reached");
            }
        }
    }

    /** The caller sends no more. */
    public void halfClose() {
        replay.halfClose();
        if (!done && attempt != null) {
            attempt.stream().halfClose();
        }
    }

    /** The caller does not want the answer any more. Harmless after the end. */
    public void cancel() {
        if (!done) {
            if (attempt != null) {
                attempt.abandon(Outcome.cancelled());
            }
            finish();
        }
    }

    /** Whether more of the request can be taken without piling up here. */
    public boolean writable() {
        return done || attempt != null && attempt.stream().writable();
    }

    /** Asks for more of the answer or, with false, for none until it is wanted again. */
    public void wantMore(boolean more) {
        wanted = more;
        if (!done && attempt != null) {
            attempt.stream().wantMore(more);
        }
    }

    /** The instance whose answer the caller gets, or the last one that was tried; null when there was none. */
    public Instance answeredBy() {
        return attempt != null ? attempt.instance() : tried.isEmpty() ? null : tried.getLast();
    }

    /** Attempts made so far. */
    public int attempts() {
        return attempts;
    }

    // from the attempt

    void headers(Headers headers) {
        if (holdsHeaders()) {
            heldHeaders = headers;
        } else {
            begin(headers);
        }
    }

    void chunk(Chunk chunk) {
        begin(heldHeaders);
        if (done) {
            chunk.release(); // the caller went away when it was told the headers
        } else {
            call.caller().chunk(chunk);
        }
    }

    void ended(Attempt ended, Outcome outcome, Headers trailers) {
        if (begun) {
            end(outcome, trailers, null);
            return;
        }
        if (outcome.kind() != Outcome.Kind.ANSWERED || outcome.code().asksForAnotherInstance()) {
            tried.add(ended.instance());
            story = new Story(story, ended.instance(), outcome);
        }
        switch (failover.decide(this, outcome)) {
            case Failover.Decision.GiveUp giveUp -> end(outcome, trailers, giveUp.because());
            case Failover.Decision.TryAgain again -> again(again.waitMillis());
        }
    }

    void writabilityChanged() {
        call.caller().writabilityChanged();
    }

    void settle(Instance instance, Outcome outcome, long startedAt) {
        failover.ejector().attempted(instance, outcome, failover.ticker().nanos() - startedAt);
    }

    // for the decision

    Call call() {
        return call;
    }

    Service service() {
        return service;
    }

    /** Nothing of an answer was given yet, and the request is still whole. */
    boolean canSendAgain() {
        return !begun && replay.complete();
    }

    /** The call may run more than once. */
    boolean repeatable() {
        return traits.repeatable() || call.idempotencyKey() && service.honoursIdempotencyKeys();
    }

    boolean hasUntried() {
        return !service.candidates().best(tried).isEmpty();
    }

    /** Counts a repeat. In milliseconds, how long to wait before it; negative when there were enough. */
    long nextWait(Outcome outcome) {
        if (series == null) {
            series = service.repeats().newSeries();
        }
        return series.onResult(outcome);
    }

    // the course of it

    private void next() {
        Instance instance = service.choose(tried);
        if (instance == null) {
            fail(Code.UNAVAILABLE, "no instance of " + service + " is registered");
            return;
        }
        attempts++;
        attempt = new Attempt(this, instance, failover.ticker().nanos());
        attempt.open(failover.transport(), deadline == Call.NO_DEADLINE ? Long.MAX_VALUE : left(), replay);
        if (!wanted) {
            attempt.stream().wantMore(false);
        }
        if (attempts > 1) {
            call.caller().writabilityChanged();
        }
    }

    private void again(long waitMillis) {
        heldHeaders = null;
        attempt = null;
        if (waitMillis == 0) {
            next();
            return;
        }
        long wait = TimeUnit.MILLISECONDS.toNanos(waitMillis);
        if (deadline != Call.NO_DEADLINE && wait >= left()) {
            fail(Code.UNAVAILABLE, "no time is left for another attempt");
            return;
        }
        backOff = call.timers().schedule(() -> {
            tried.clear();
            next();
        }, wait);
    }

    /** Headers before the answer itself may still be followed by a refusal, so that another instance can be asked. */
    private boolean holdsHeaders() {
        return traits.unary() && repeatable() && replay.complete();
    }

    private void begin(Headers headers) {
        if (!begun) {
            begun = true;
            heldHeaders = null;
            replay.release();
            call.caller().headers(headers);
        }
    }

    private void end(Outcome outcome, Headers trailers, String because) {
        if (trailers == null) {
            fail(outcome.code(), begun ? brokeOff(outcome) : because);
            return;
        }
        if (heldHeaders != null) {
            begin(heldHeaders);
        }
        if (!done) {
            finish();
            call.caller().trailers(trailers);
        }
    }

    private String brokeOff(Outcome outcome) {
        return attempt.instance().id() + " broke off in the middle of its answer: " + outcome.reason();
    }

    private void expire() {
        if (!done) {
            if (attempt != null) {
                story = new Story(story, attempt.instance(), Outcome.expired());
                attempt.abandon(Outcome.expired());
            }
            fail(Code.DEADLINE_EXCEEDED, null);
        }
    }

    private void fail(Code code, String because) {
        finish();
        call.caller().failed(new Failure(code, Story.tell(service, story, because)));
    }

    private void finish() {
        done = true;
        replay.release();
        if (deadlineTimer != null) {
            deadlineTimer.cancel();
        }
        if (backOff != null) {
            backOff.cancel();
        }
    }

    private long left() {
        return deadline - failover.ticker().nanos();
    }
}
