package io.middleware.core;

import java.util.concurrent.TimeUnit;

/**
 * A call under way, between its caller and the instance that is to answer it. Confined to the call's thread: whoever holds it
 * calls it there, and no lock is taken.
 */
public final class Exchange {
    private final Failover failover;
    private final Call call;
    private final Service service;
    private final MethodTraits traits;
    private final Deadline deadline;
    private final Replay replay;
    private final Answer answer;
    private final Tries tries;
    private Attempt attempt;
    private int attempts;
    private boolean wanted = true;
    private Timers.Timer backOff;

    Exchange(Failover failover, Call call, Service service, MethodTraits traits, Deadline deadline, Replay replay) {
        this.failover = failover;
        this.call = call;
        this.service = service;
        this.traits = traits;
        this.deadline = deadline;
        this.replay = replay;
        this.answer = new Answer(call.caller());
        this.tries = new Tries(service, traits, call.idempotencyKey());
    }

    void start() {
        deadline.start(call.timers(), this::expire);
        next();
    }

    // from the caller

    /** More of the request; takes the chunk over. {@code last}: the caller sends no more. */
    public void send(Chunk chunk, boolean last) {
        if (answer.done()) {
            chunk.release();
            return;
        }
        replay.keep(chunk, last);
        if (attempt != null) {
            attempt.send(chunk, last);
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
        if (attempt != null) {
            attempt.halfClose();
        }
    }

    /** The caller does not want the answer any more. Harmless after the end. */
    public void cancel() {
        if (!answer.done()) {
            answer.drop();
            letGo(Outcome.cancelled());
        }
    }

    /** Whether more of the request can be taken without piling up here; after the end it is dropped, and cannot. */
    public boolean writable() {
        return answer.done() || attempt != null && attempt.writable();
    }

    /** Asks for more of the answer or, with false, for none until it is wanted again. */
    public void wantMore(boolean more) {
        wanted = more;
        if (attempt != null) {
            attempt.wantMore(more);
        }
    }

    /** The instance whose answer the caller gets; null when nobody answered. */
    public Instance answeredBy() {
        return attempt == null ? null : attempt.instance();
    }

    /** Attempts made so far. */
    public int attempts() {
        return attempts;
    }

    // from the attempt

    void headers(Headers headers) {
        // of a unary answer they come first: while nothing else has come, a refusal may follow and another instance be asked
        if (traits.unary() && tries.repeatable() && replay.complete()) {
            answer.hold(headers);
        } else {
            replay.release();
            answer.begin(headers);
        }
    }

    void chunk(Chunk chunk) {
        replay.release();
        answer.chunk(chunk);
    }

    void ended(Attempt ended, Outcome outcome, Headers trailers) {
        if (answer.begun()) {
            end(outcome, trailers, ended.instance() + " broke off in the middle of its answer: " + outcome.inWords());
            return;
        }
        if (outcome.kind() != Outcome.Kind.ANSWERED || outcome.code().asksForAnotherInstance()) {
            tries.add(ended.instance(), outcome);
        }
        switch (failover.decide(outcome, tries, replay.complete())) {
            case Failover.Decision.GiveUp giveUp -> end(outcome, trailers, giveUp.because());
            case Failover.Decision.TryAgain again -> again(again.waitMillis());
        }
    }

    void writabilityChanged() {
        call.caller().writabilityChanged();
    }

    // the course of it

    private void next() {
        if (deadline.passed()) {
            expire();
            return;
        }
        Instance instance = choose();
        if (instance == null) {
            return;
        }
        attempts++;
        Attempt next = new Attempt(this, instance, failover, deadline);
        attempt = next;
        next.open(call, wanted, replay);
        if (attempts > 1 && !next.ended()) {
            call.caller().writabilityChanged();
        }
    }

    /** Null: there is none, and the caller was told. */
    private Instance choose() {
        try {
            Instance instance = tries.choose();
            if (instance == null) {
                fail(Code.UNAVAILABLE, "no instance of " + service + " is registered");
            }
            return instance;
        } catch (RuntimeException e) {
            fail(Code.INTERNAL, "the balancer of " + service + " failed: " + e);
            return null;
        }
    }

    private void again(long waitMillis) {
        answer.dropHeld();
        attempt = null;
        long wait = TimeUnit.MILLISECONDS.toNanos(waitMillis);
        if (wait == 0) {
            next();
        } else if (wait >= deadline.left()) {
            fail(Code.UNAVAILABLE, "no time is left for another attempt");
        } else {
            backOff = call.timers().schedule(this::next, wait);
        }
    }

    private void end(Outcome outcome, Headers trailers, String because) {
        if (trailers == null) {
            fail(outcome.code(), because);
        } else {
            letGo(outcome);
            answer.trailers(trailers);
        }
    }

    private void expire() {
        if (attempt != null) {
            tries.add(attempt.instance(), Outcome.expired());
        }
        fail(Code.DEADLINE_EXCEEDED, null);
    }

    private void fail(Code code, String because) {
        letGo(Outcome.expired());
        attempt = null;
        answer.failed(new Failure(code, tries.tell(because)));
    }

    /** {@code outcome} is that of an attempt that is still under way. */
    private void letGo(Outcome outcome) {
        replay.release();
        deadline.cancel();
        if (backOff != null) {
            backOff.cancel();
        }
        if (attempt != null) {
            attempt.abandon(outcome);
        }
    }
}
