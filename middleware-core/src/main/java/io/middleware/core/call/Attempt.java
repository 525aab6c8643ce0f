package io.middleware.core.call;

import io.middleware.core.Call;
import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Counts;
import io.middleware.core.Deadline;
import io.middleware.core.Headers;
import io.middleware.core.Outcome;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Transport;

/** One try of a call on one instance. Ends once; settles the instance's account at the end. */
public final class Attempt implements Transport.Listener {
    private final Exchange exchange;
    private final Instance instance;
    private final Failover failover;
    private final Deadline deadline;
    private boolean hedge;
    private final boolean repeatable;
    private final AttemptTiming timing;
    private Transport.Stream stream;
    private boolean responded;
    private Headers held;
    private boolean opening = true;
    private Outcome early;
    private boolean ended;

    /** {@code hedge}: it is started because another has not answered. */
    Attempt(
            Exchange exchange,
            Instance instance,
            Failover failover,
            Service.Method method,
            Deadline deadline,
            boolean hedge) {
        this.exchange = exchange;
        this.instance = instance;
        this.failover = failover;
        this.deadline = deadline;
        this.hedge = hedge;
        this.repeatable = method.traits().idempotent();
        this.timing =
                new AttemptTiming(instance, method.traits().unary(), method.hedgeDelay(), deadline, failover.ticker());
    }

    /**
     * Opens the stream and sends what there is of the request. Only then the exchange hears of it: a caller that was told in the
     * middle of it would overtake what is sent again, and another attempt would start inside this one.
     *
     * @param before attempts of the call before this one
     */
    void open(Call call, int before, boolean wanted, RequestBuffer replay) {
        timing.behind(instance.begin(timing.unary()));
        if (replay.closed()) {
            timing.requestIsWhole();
        }
        try {
            stream = failover.transport().open(call, instance, deadline.leftToCaller(), before, this);
            if (!wanted) {
                stream.wantMore(false);
            }
            replay.sendTo(stream);
        } catch (RuntimeException e) {
            // a defect, and nobody knows how far it came; but the call is to have an end, and the instance's account
            // too
            early = Outcome.broken(Code.INTERNAL, "the transport failed: " + e);
            if (stream != null) {
                stream.cancel();
            }
        }
        opening = false;
        if (early != null) {
            onFailure(early);
        }
    }

    Instance instance() {
        return instance;
    }

    /** Counts what became of it, once, if it is a hedge. */
    void hedgeEnded(Counts.Hedge became) {
        if (hedge) {
            hedge = false;
            instance.service().hedges().ended();
            instance.service().counts().hedge(became);
        }
    }

    void send(Chunk chunk, boolean last) {
        if (ended) {
            chunk.release();
            return;
        }
        if (last) {
            timing.requestIsWhole();
        }
        stream.send(chunk, last);
    }

    void halfClose() {
        if (!ended) {
            timing.requestIsWhole();
            stream.halfClose();
        }
    }

    AttemptTiming timing() {
        return timing;
    }

    /** Nothing of it has left, and nothing will if it is given up now. */
    boolean unsent() {
        return !ended && stream.unsent();
    }

    /** It was sent to an instance of which nothing has been heard for so long that there is no use in waiting. */
    boolean lost() {
        return timing.unary() && timing.asked() && !responded && instance.lost();
    }

    /** Its answer should be here by now. */
    void overdue(long now) {
        timing.slow(now);
        if (!responded) {
            failover.ejector().silent(instance);
        }
    }

    /** Another has answered first: it is given up. */
    void overtaken() {
        timing.slow(failover.ticker().nanos());
        abandon(Outcome.cancelled());
    }

    /** Headers that the caller is not told yet: a refusal may still follow them, and then another instance answers. */
    void hold(Headers headers) {
        held = headers;
    }

    /** Null when none are held back. */
    Headers held() {
        return held;
    }

    boolean writable() {
        return !ended && stream.writable();
    }

    void wantMore(boolean more) {
        if (!ended) {
            stream.wantMore(more);
        }
    }

    boolean ended() {
        return ended;
    }

    /** Gives up waiting for it. {@code outcome} says what that tells of the instance. */
    void abandon(Outcome outcome) {
        if (!ended) {
            hedgeEnded(Counts.Hedge.LOST);
            end(outcome);
            stream.cancel();
        }
    }

    @Override
    public void onHeaders(Headers headers) {
        if (!ended) {
            responded = true;
            exchange.headers(this, headers);
        }
    }

    @Override
    public void onChunk(Chunk chunk) {
        if (ended) {
            chunk.release();
        } else {
            exchange.chunk(this, chunk);
        }
    }

    @Override
    public void onTrailers(Headers trailers) {
        if (!ended) {
            Outcome outcome = Outcome.of(trailers, responded && held == null, repeatable);
            end(outcome);
            exchange.ended(this, outcome, trailers);
        }
    }

    @Override
    public void onFailure(Outcome outcome) {
        if (opening) {
            early = outcome;
        } else if (!ended) {
            Outcome judged = deadline.judge(outcome);
            end(judged);
            exchange.ended(this, judged, null);
        }
    }

    @Override
    public void onWritabilityChanged() {
        if (!ended && !opening) {
            exchange.writabilityChanged();
        }
    }

    /** See {@link Transport.Stream#connectedAt}. */
    int connectedAt() {
        return stream == null ? Integer.MAX_VALUE : stream.connectedAt();
    }

    private void end(Outcome outcome) {
        ended = true;
        instance.end(timing.unary());
        instance.service().counts().attempted(outcome);
        timing.ended(outcome);
        failover.ejector().attempted(instance, outcome);
    }
}
