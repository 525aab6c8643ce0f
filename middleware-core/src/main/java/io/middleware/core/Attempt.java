package io.middleware.core;

/** One try of a call on one instance. Hands on what comes back to its exchange, and settles the instance's account at the end. */
final class Attempt implements Transport.Listener {
    private final Exchange exchange;
    private final Instance instance;
    private final long startedAt;
    private Transport.Stream stream;
    private boolean ended;

    Attempt(Exchange exchange, Instance instance, long now) {
        this.exchange = exchange;
        this.instance = instance;
        this.startedAt = now;
    }

    void open(Transport transport, long leftNanos, Replay replay) {
        instance.begin();
        stream = transport.open(exchange.call(), instance, leftNanos, this);
        replay.sendTo(stream);
    }

    Instance instance() {
        return instance;
    }

    Transport.Stream stream() {
        return stream;
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
        if (!ended) {
            end(outcome);
            exchange.ended(this, outcome, null);
        }
    }

    @Override
    public void writabilityChanged() {
        if (!ended) {
            exchange.writabilityChanged();
        }
    }

    private void end(Outcome outcome) {
        ended = true;
        instance.end();
        exchange.settle(instance, outcome, startedAt);
    }
}
