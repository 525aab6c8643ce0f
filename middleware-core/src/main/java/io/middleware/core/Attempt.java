package io.middleware.core;

/** One try of a call on one instance. Ends once; settles the instance's account at the end. */
final class Attempt implements Transport.Listener {
    private final Exchange exchange;
    private final Instance instance;
    private final Failover failover;
    private final Deadline deadline;
    private final long startedAt;
    private Transport.Stream stream;
    private boolean opening = true;
    private Outcome early;
    private boolean ended;

    Attempt(Exchange exchange, Instance instance, Failover failover, Deadline deadline) {
        this.exchange = exchange;
        this.instance = instance;
        this.failover = failover;
        this.deadline = deadline;
        this.startedAt = failover.ticker().nanos();
    }

    /**
     * Opens the stream and sends what there is of the request. Only then the exchange hears of it: a caller that was told in the
     * middle of it would overtake what is sent again, and another attempt would start inside this one.
     */
    void open(Call call, boolean wanted, Replay replay) {
        instance.begin();
        try {
            stream = failover.transport().open(call, instance, deadline.left(), this);
            if (!wanted) {
                stream.wantMore(false);
            }
            replay.sendTo(stream);
        } catch (RuntimeException e) {
            // a defect, and nobody knows how far it came; but the call is to have an end, and the instance's account too
            early = Outcome.broken(Code.INTERNAL, "the transport failed: " + e);
        }
        opening = false;
        if (early != null) {
            failed(early);
        }
    }

    Instance instance() {
        return instance;
    }

    void send(Chunk chunk, boolean last) {
        if (ended) {
            chunk.release();
        } else {
            stream.send(chunk, last);
        }
    }

    void halfClose() {
        if (!ended) {
            stream.halfClose();
        }
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
            end(outcome);
            stream.cancel();
        }
    }

    @Override
    public void headers(Headers headers) {
        if (!ended) {
            exchange.headers(headers);
        }
    }

    @Override
    public void chunk(Chunk chunk) {
        if (ended) {
            chunk.release();
        } else {
            exchange.chunk(chunk);
        }
    }

    @Override
    public void trailers(Headers trailers) {
        if (!ended) {
            Outcome outcome = Outcome.answered(trailers.code());
            end(outcome);
            exchange.ended(this, outcome, trailers);
        }
    }

    @Override
    public void failed(Outcome outcome) {
        if (opening) {
            early = outcome;
        } else if (!ended) {
            Outcome judged = deadline.judge(outcome);
            end(judged);
            exchange.ended(this, judged, null);
        }
    }

    @Override
    public void writabilityChanged() {
        if (!ended && !opening) {
            exchange.writabilityChanged();
        }
    }

    private void end(Outcome outcome) {
        ended = true;
        instance.end();
        failover.ejector().attempted(instance, outcome, failover.ticker().nanos() - startedAt);
    }
}
