package io.middleware.core.call;

import io.middleware.core.Code;
import io.middleware.core.Headers;
import io.middleware.core.Outcome;
import io.middleware.core.directory.Service;
import org.jspecify.annotations.Nullable;

/** Ends a call: with a server's response, with a stale one, or with an error of ours. */
final class CallEnd {
    private final Service service;
    private final ResponseWriter response;
    private final AttemptHistory history;
    private final Attempts attempts;
    private final RetryLoop loop;
    private final @Nullable StaleIfError stale;
    private @Nullable Refusal refusal;

    private record Refusal(Attempt by, Headers trailers) {}

    /** {@code stale}: null if no stale response may be given. */
    CallEnd(
            Service service,
            ResponseWriter response,
            AttemptHistory history,
            Attempts attempts,
            RetryLoop loop,
            @Nullable StaleIfError stale) {
        this.service = service;
        this.response = response;
        this.history = history;
        this.attempts = attempts;
        this.loop = loop;
        this.stale = stale;
    }

    /** Called when a server refused the call. If none does better, its response is the caller's, unchanged. */
    void onRefusal(Attempt by, Headers trailers) {
        refusal = new Refusal(by, trailers);
    }

    /** Ends the call with the response of this attempt. */
    void respond(Attempt from, Headers trailers) {
        loop.stop(Outcome.cancelled());
        response.begin(from.held());
        response.trailers(trailers);
    }

    /** Ends a call whose response has begun. {@code trailers}: null if the server sent none. */
    void breakOff(Attempt last, Outcome outcome, @Nullable Headers trailers) {
        if (trailers != null) {
            respond(last, trailers);
        } else {
            String broke = " broke off in the middle of its response";
            String end = history.afterBreak();
            fail(
                    outcome.code(),
                    "an instance of " + service + broke + end,
                    last.instance() + broke + ": " + outcome.inWords() + end);
        }
    }

    /**
     * Ends the call with the response of the last server that refused it, if its deadline has not passed; otherwise with an error of
     * ours, which names each instance that was tried, what came of it, and why there was no other attempt.
     *
     * @param reason why there was no other attempt; null if the attempts themselves say it
     */
    void fail(Code code, @Nullable String reason) {
        Refusal last = refusal;
        if (last == null || code == Code.DEADLINE_EXCEEDED) {
            fail(code, reason, reason);
        } else {
            finish(last.trailers.code(), () -> {
                attempts.settleFor(last.by);
                respond(last.by, last.trailers);
            });
        }
    }

    private void fail(Code code, @Nullable String reason, @Nullable String detailed) {
        finish(code, () -> {
            loop.stop(Outcome.expired());
            attempts.settleFor(null);
            response.failed(history.failure(code, reason, detailed));
        });
    }

    private void finish(Code code, Runnable finish) {
        if (stale == null || response.begun()) {
            finish.run();
        } else {
            stale.onFailure(code, finish);
        }
    }
}
