package io.middleware.core.call;

import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Counts;
import io.middleware.core.Headers;
import io.middleware.core.Outcome;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Transport;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One attempt of a call on one instance. Ends once; settles the instance's account at the end. */
final class Attempt implements Transport.Listener {
    private final AttemptContext context;
    private final Listener listener;
    private final Instance instance;
    private final boolean idempotentMethod;
    private final AttemptTiming timing;
    private boolean hedge;
    private Transport.@Nullable Stream stream;
    private boolean responded;
    private @Nullable Headers held;
    private boolean opening = true;
    private @Nullable Outcome early;
    private boolean ended;

    /** Gets what comes back on an attempt, and its end. */
    interface Listener {
        void onHeaders(Attempt from, Headers headers);

        /** Takes the chunk over. */
        void onChunk(Attempt from, Chunk chunk);

        /** {@code trailers}: null if the server sent none. */
        void onEnd(Attempt ended, Outcome outcome, @Nullable Headers trailers);

        void onWritabilityChanged();
    }

    /** {@code hedge}: it is started because another has not responded. */
    Attempt(AttemptContext context, Listener listener, Instance instance, boolean hedge) {
        this.context = context;
        this.listener = listener;
        this.instance = instance;
        this.hedge = hedge;
        this.idempotentMethod = context.method().traits().idempotent();
        this.timing = new AttemptTiming(
                instance,
                context.method().traits().unary(),
                context.method().hedgeDelay(),
                context.deadline(),
                context.dependencies().ticker());
    }

    /**
     * Opens the stream and sends what there is of the request. The listener is called only after that: a caller that reacts in the
     * middle of it would overtake what is sent again, and another attempt would start inside this one.
     *
     * @param before attempts of the call before this one
     * @param wanted the caller takes more of the response
     */
    void open(int before, boolean wanted) {
        timing.behind(instance.begin(timing.unary()));
        if (context.request().closed()) {
            timing.requestIsWhole();
        }
        try {
            stream = context.dependencies()
                    .transport()
                    .open(context.call(), instance, context.deadline().leftToCaller(), before, this);
            if (!wanted) {
                stream.wantMore(false);
            }
            context.request().sendTo(stream);
        } catch (RuntimeException e) {
            // a defect, and how far it came is unknown; but the call must end, and so must the instance's account
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

    /** Counts how it ended, once, if it is a hedge. */
    void hedgeEnded(Counts.Hedge became) {
        if (hedge) {
            hedge = false;
            context.service().hedges().ended();
            context.service().counts().hedge(became);
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
        opened().send(chunk, last);
    }

    void halfClose() {
        if (!ended) {
            timing.requestIsWhole();
            opened().halfClose();
        }
    }

    AttemptTiming timing() {
        return timing;
    }

    /** Returns whether nothing of it was sent, and nothing will be if it is given up now. */
    boolean unsent() {
        return !ended && opened().unsent();
    }

    /** Returns whether its instance has been silent for so long that waiting is useless. */
    boolean lost() {
        return timing.unary() && timing.asked() && !responded && instance.lost();
    }

    /** Called when its response is overdue. */
    void overdue(long now) {
        timing.slow(now);
        if (!responded) {
            context.dependencies().outliers().silent(instance);
        }
    }

    /** Called when another attempt has won: this one is given up. */
    void overtaken() {
        timing.slow(context.dependencies().ticker().nanos());
        abandon(Outcome.cancelled());
    }

    /** Holds headers back from the caller: a refusal may still follow them, and then another instance gets the call. */
    void hold(Headers headers) {
        held = headers;
    }

    /** Returns the headers that are held back; null if none are. */
    @Nullable
    Headers held() {
        return held;
    }

    boolean writable() {
        return !ended && opened().writable();
    }

    void wantMore(boolean more) {
        if (!ended) {
            opened().wantMore(more);
        }
    }

    boolean ended() {
        return ended;
    }

    /** Gives it up, and lets the listener decide what follows, as if it had ended so by itself. */
    void giveUp(Outcome outcome) {
        abandon(outcome);
        listener.onEnd(this, outcome, null);
    }

    /** Gives it up. {@code outcome} says what that tells of the instance. */
    void abandon(Outcome outcome) {
        if (!ended) {
            hedgeEnded(Counts.Hedge.LOST);
            end(outcome);
            opened().cancel();
        }
    }

    @Override
    public void onHeaders(Headers headers) {
        if (!ended) {
            responded = true;
            listener.onHeaders(this, headers);
        }
    }

    @Override
    public void onChunk(Chunk chunk) {
        if (ended) {
            chunk.release();
        } else {
            listener.onChunk(this, chunk);
        }
    }

    @Override
    public void onTrailers(Headers trailers) {
        if (!ended) {
            Outcome outcome = Outcome.of(trailers, responded && held == null, idempotentMethod);
            end(outcome);
            listener.onEnd(this, outcome, trailers);
        }
    }

    @Override
    public void onFailure(Outcome outcome) {
        if (opening) {
            early = outcome;
        } else if (!ended) {
            Outcome judged = context.deadline().judge(outcome);
            end(judged);
            listener.onEnd(this, judged, null);
        }
    }

    @Override
    public void onWritabilityChanged() {
        if (!ended && !opening) {
            listener.onWritabilityChanged();
        }
    }

    /** See {@link Transport.Stream#connectedAt}. */
    int connectedAt() {
        return stream == null ? Integer.MAX_VALUE : stream.connectedAt();
    }

    private void end(Outcome outcome) {
        ended = true;
        instance.end(timing.unary());
        context.service().counts().attempted(outcome);
        timing.ended(outcome);
        context.dependencies().outliers().attempted(instance, outcome);
    }

    private Transport.Stream opened() {
        return Objects.requireNonNull(stream, "an attempt that has not ended has a stream");
    }
}
