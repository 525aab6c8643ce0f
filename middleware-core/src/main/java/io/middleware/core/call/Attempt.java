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

/** One attempt of a call on one instance. Ends once; settles the {@link InstanceAccount} at the end. */
final class Attempt implements Transport.Listener {
    private final AttemptContext context;
    private final Listener listener;
    private final InstanceAccount account;
    private Transport.@Nullable Stream stream;
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

    /** {@code hedge}: it is started because another has not responded. {@code number}: from 1. */
    Attempt(AttemptContext context, Listener listener, Instance instance, boolean hedge, int number) {
        this.context = context;
        this.listener = listener;
        this.account = new InstanceAccount(context, instance, hedge, number);
    }

    /**
     * Opens the stream and sends what there is of the request. The listener is called only after that: a caller that reacts in the
     * middle of it would overtake what is sent again, and another attempt would start inside this one.
     *
     * @param before attempts of the call before this one
     * @param wanted the caller takes more of the response
     */
    void open(int before, boolean wanted) {
        account.begin(context.request().closed());
        try {
            stream = context.open(instance(), before, this);
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
        return account.instance();
    }

    InstanceAccount account() {
        return account;
    }

    void send(Chunk chunk, boolean last) {
        if (ended) {
            chunk.release();
            return;
        }
        if (last) {
            account.timing().requestIsWhole();
        }
        opened().send(chunk, last);
    }

    void halfClose() {
        if (!ended) {
            account.timing().requestIsWhole();
            opened().halfClose();
        }
    }

    /** Returns whether nothing of it was sent, and nothing will be if it is given up now. */
    boolean unsent() {
        return !ended && opened().unsent();
    }

    /** Called when another attempt has won: this one is given up. */
    void overtaken() {
        account.timing().slow(context.dependencies().ticker().nanos());
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
            account.hedgeEnded(Counts.Hedge.LOST);
            end(outcome);
            opened().cancel();
        }
    }

    @Override
    public void onHeaders(Headers headers) {
        if (!ended) {
            account.onResponse(headers);
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
            boolean begun = account.responded() && held == null;
            Outcome outcome =
                    Outcome.of(trailers, begun, context.method().traits().idempotent());
            account.onTrailers(trailers);
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
        account.end(outcome);
    }

    private Transport.Stream opened() {
        return Objects.requireNonNull(stream, "an attempt that has not ended has a stream");
    }
}
