package io.middleware.core.call;

import io.middleware.core.Call;
import io.middleware.core.Caller;
import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Deadline;
import io.middleware.core.Headers;
import io.middleware.core.Outcome;
import io.middleware.core.directory.Route;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Instance;
import io.middleware.core.stale.StaleRecorder;
import java.time.Duration;

/**
 * A call under way, between its caller and the instance that is to answer it. Confined to the call's thread: whoever holds it
 * calls it there, and no lock is taken.
 */
public final class Exchange {
    private final Failover failover;
    private final RequestBuffer replay;
    private final ResponseWriter answer;
    private final Tries tries;
    private final Race race;
    private final Runners running;
    private final Caller caller;
    private final boolean unary;
    private final Fallback fallback;
    private Attempt refusedBy;
    private Headers refusal;

    /** {@code lastGood}: null where the answer is neither kept nor may be an earlier one. */
    Exchange(
            Failover failover,
            Call call,
            Route route,
            Service.Method method,
            Deadline deadline,
            RequestBuffer replay,
            StaleRecorder lastGood) {
        this.failover = failover;
        this.replay = replay;
        this.caller = lastGood == null ? call.caller() : lastGood;
        this.unary = method.traits().unary();
        this.answer = new ResponseWriter(caller, route.service().counts(), failover.ticker());
        this.tries = new Tries(route, method.traits(), call.idempotencyKey(), deadline);
        this.race = new Race(this, failover, call, method, deadline, replay, tries);
        this.running = race.running();
        this.fallback = lastGood == null
                ? null
                : new Fallback(lastGood, answer, race, route.service().counts());
    }

    void start() {
        race.next();
    }

    // from the caller

    /** More of the request; takes the chunk over. {@code last}: the caller sends no more. */
    public void send(Chunk chunk, boolean last) {
        if (fallback != null && !answer.done()) {
            fallback.send(chunk, last);
        }
        if (answer.done() || waitsForRequest()) {
            chunk.release();
            return;
        }
        replay.keep(chunk, last);
        Attempt attempt = running.latest();
        if (attempt != null) {
            attempt.send(chunk, last);
            race.requestGrew();
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
        if (fallback != null) {
            fallback.halfClose();
        }
        Attempt attempt = running.latest();
        if (attempt != null) {
            attempt.halfClose();
            race.requestGrew();
        }
    }

    /** The caller does not want the answer any more. Harmless after the end. */
    public void cancel() {
        if (!answer.done()) {
            answer.drop();
            race.stop(Outcome.cancelled());
        }
    }

    /** Whether more of the request can be taken without piling up here; after the end it is dropped, and cannot. */
    public boolean writable() {
        return answer.done()
                || waitsForRequest()
                || running.latest() != null && running.latest().writable();
    }

    /** Asks for more of the answer or, with false, for none until it is wanted again. */
    public void wantMore(boolean more) {
        race.wantMore(more);
    }

    /** The instance whose answer the caller gets; null when nobody answered. */
    public Instance answeredBy() {
        return running.winner() == null ? null : running.winner().instance();
    }

    /** How old the answer is that the caller gets instead of a server's: the last good one; null when it is a server's. */
    public Duration age() {
        return fallback == null ? null : fallback.age();
    }

    /** Attempts made so far. */
    public int attempts() {
        return running.started();
    }

    /**
     * Returns what came of each attempt before the one that the caller got the response of; null where there was none.
     *
     * @param detailed with the instances
     */
    public String tried(boolean detailed) {
        String tried = tries.told(detailed);
        return tried.isEmpty() ? null : tried;
    }

    // from the attempts

    void headers(Attempt from, Headers headers) {
        // of a unary answer they come first: while nothing else has come, a refusal may follow and another instance be
        // asked
        if (unary && tries.repeatable() && replay.complete()) {
            from.hold(headers);
        } else {
            race.won(from, true);
            answer.begin(headers);
        }
    }

    void chunk(Attempt from, Chunk chunk) {
        race.won(from, true);
        answer.begin(from.held());
        answer.chunk(chunk);
    }

    void ended(Attempt ended, Outcome outcome, Headers trailers) {
        running.leave(ended);
        if (answer.begun()) {
            brokeOff(ended, outcome, trailers);
            return;
        }
        if (outcome.kind() == Outcome.Kind.ANSWERED && outcome.code().asksForAnotherInstance()) {
            tries.pushBack(Pushback.of(trailers));
        }
        if (!tries.ends(outcome)) {
            race.lost(ended, outcome);
            if (outcome.kind() == Outcome.Kind.ANSWERED) {
                refusedBy = ended;
                refusal = trailers;
            }
        }
        switch (failover.decide(outcome, tries, replay.complete(), !running.isEmpty())) {
            case Failover.Decision.Answer() -> {
                race.won(ended, outcome.code() == Code.OK);
                end(ended, trailers);
            }
            case Failover.Decision.GiveUp(String because) -> fail(outcome.code(), because);
            case Failover.Decision.TryAgain(long waitMillis) -> race.again(waitMillis, outcome);
            case Failover.Decision.Await() -> {}
        }
    }

    void writabilityChanged() {
        caller.onWritabilityChanged();
    }

    // the end

    /** The caller has the beginning of the answer. */
    private void brokeOff(Attempt last, Outcome outcome, Headers trailers) {
        if (trailers != null) {
            end(last, trailers);
        } else {
            String words = " broke off in the middle of its answer";
            String end = tries.repeatable() ? "" : ". Not tried again: " + Stops.MAY_HAVE_RUN;
            fail(
                    outcome.code(),
                    "an instance of " + tries.service() + words + end,
                    last.instance() + words + ": " + outcome.inWords() + end);
        }
    }

    private void end(Attempt from, Headers trailers) {
        race.stop(Outcome.cancelled());
        answer.begin(from.held());
        answer.trailers(trailers);
    }

    /** The end of the call: with the response of the last server that gave one, unless its time is over; else with ours. */
    void fail(Code code, String because) {
        if (refusal == null || code == Code.DEADLINE_EXCEEDED) {
            fail(code, because, because);
        } else {
            unanswered(refusal.code(), () -> {
                running.settleFor(refusedBy);
                end(refusedBy, refusal);
            });
        }
    }

    private void fail(Code code, String because, String detailed) {
        unanswered(code, () -> {
            race.stop(Outcome.expired());
            running.settleFor(null);
            answer.failed(tries.failure(code, because, detailed));
        });
    }

    private boolean waitsForRequest() {
        return fallback != null && fallback.waits();
    }

    /** {@code word} ends the call, unless there is something better than to tell that no server answers. */
    private void unanswered(Code code, Runnable word) {
        if (fallback == null || answer.begun()) {
            word.run();
        } else {
            fallback.unanswered(code, word);
        }
    }
}
