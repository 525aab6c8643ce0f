package io.middleware.core.call;

import io.middleware.core.Caller;
import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Headers;
import io.middleware.core.OngoingCall;
import io.middleware.core.Outcome;
import io.middleware.core.directory.Route;
import io.middleware.core.instance.Instance;
import io.middleware.core.stale.StaleRecorder;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call in flight, between its caller and the instance that responds. Confined to the call's thread: all of its methods are called
 * there, and no lock is taken.
 */
public final class Exchange implements OngoingCall {
    private final RequestBuffer request;
    private final ResponseWriter response;
    private final AttemptHistory history;
    private final Attempts attempts;
    private final RetryLoop loop;
    private final Caller caller;
    private final boolean unary;
    private final @Nullable StaleIfError stale;
    private final CallEnd end;

    /** {@code recorder}: null if the response is not kept, and no earlier one may be given instead. */
    Exchange(AttemptContext context, Route route, @Nullable StaleRecorder recorder) {
        this.request = context.request();
        this.caller = recorder == null ? context.call().caller() : recorder;
        this.unary = context.method().traits().unary();
        this.response = new ResponseWriter(context, caller);
        this.history = new AttemptHistory(context, route);
        FromAttempts fromAttempts = new FromAttempts();
        this.attempts = new Attempts(context, fromAttempts);
        InstancePicker picker = new InstancePicker(context, route, history);
        this.loop = new RetryLoop(context, history, picker, attempts, fromAttempts);
        this.stale = recorder == null ? null : new StaleIfError(context, recorder, response, loop, attempts);
        this.end = new CallEnd(context.service(), response, history, attempts, loop, stale);
    }

    void start() {
        loop.start();
    }

    // for the caller

    @Override
    public void send(Chunk chunk, boolean last) {
        if (stale != null && !response.done()) {
            stale.onRequest(chunk, last);
        }
        if (response.done() || awaitsOnlyRequest()) {
            chunk.release();
            return;
        }
        request.keep(chunk, last);
        Attempt attempt = attempts.latest();
        if (attempt != null) {
            attempt.send(chunk, last);
            loop.onRequestSent();
        } else {
            chunk.release();
            if (!request.complete()) {
                end.fail(Code.UNAVAILABLE, "the request was too large to be kept while no instance could be reached");
            }
        }
    }

    @Override
    public void halfClose() {
        request.halfClose();
        if (stale != null) {
            stale.onHalfClose();
        }
        Attempt attempt = attempts.latest();
        if (attempt != null) {
            attempt.halfClose();
            loop.onRequestSent();
        }
    }

    @Override
    public void cancel() {
        if (!response.done()) {
            loop.stop(Outcome.cancelled());
            response.drop();
        }
    }

    @Override
    public boolean writable() {
        return response.done()
                || awaitsOnlyRequest()
                || attempts.latest() != null && attempts.latest().writable();
    }

    @Override
    public void wantMore(boolean more) {
        attempts.wantMore(more);
    }

    /** Returns the instance whose response the caller gets; null if none responded. */
    public @Nullable Instance answeredBy() {
        return attempts.winner() == null ? null : attempts.winner().instance();
    }

    /** Returns the age of the stale response that the caller gets; null if it gets a server's. */
    public @Nullable Duration age() {
        return stale == null ? null : stale.age();
    }

    /** Returns the number of attempts made so far. */
    public int attempts() {
        return attempts.started();
    }

    /**
     * Returns how each attempt ended that came before the one whose response the caller gets; null if there was none.
     *
     * @param detailed with the instances
     */
    public @Nullable String tried(boolean detailed) {
        String tried = history.summary(detailed);
        return tried.isEmpty() ? null : tried;
    }

    /** Returns whether the instances honour the call's idempotency key: its caller can safely send it again. */
    public boolean keyHonoured() {
        return history.keyHonoured();
    }

    // for the attempts

    private final class FromAttempts implements Attempt.Listener, AttemptStarter.Listener {
        @Override
        public void onHeaders(Attempt from, Headers headers) {
            // of a unary response they come first: as long as nothing else has come, a refusal may follow, and a retry
            if (unary && history.idempotent() && request.complete()) {
                from.hold(headers);
            } else {
                loop.onWin(from, true);
                response.begin(headers);
            }
        }

        @Override
        public void onChunk(Attempt from, Chunk chunk) {
            loop.onWin(from, true);
            response.begin(from.held());
            response.chunk(chunk);
        }

        @Override
        public void onEnd(Attempt ended, Outcome outcome, @Nullable Headers trailers) {
            attempts.remove(ended);
            if (response.begun()) {
                end.breakOff(ended, outcome, trailers);
                return;
            }
            boolean answered = outcome.kind() == Outcome.Kind.ANSWERED;
            if (answered && (outcome.code().asksForAnotherInstance() || outcome.code() == Code.ABORTED)) {
                loop.onRefusal(Pushback.of(Objects.requireNonNull(trailers)));
            }
            if (!loop.isFinal(outcome)) {
                loop.onFailure(ended, outcome);
                if (answered) {
                    end.onRefusal(ended, Objects.requireNonNull(trailers));
                }
            }
            if (loop.proceed(outcome)) {
                loop.onWin(ended, outcome.code() == Code.OK);
                end.respond(ended, Objects.requireNonNull(trailers));
            }
        }

        @Override
        public void onWritabilityChanged() {
            caller.onWritabilityChanged();
        }

        @Override
        public void onGivenUp(Code code, @Nullable String reason) {
            end.fail(code, reason);
        }

        @Override
        public void onReplaced() {
            caller.onWritabilityChanged();
        }
    }

    private boolean awaitsOnlyRequest() {
        return stale != null && stale.awaitsRequest();
    }
}
