package io.middleware.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One attempt as its instance sees it: what was sent, and the hand that answers. */
final class TestStream implements Transport.Stream {
    final Call call;
    final Instance instance;
    final long leftNanos;
    /** Attempts of the call before this one, as the instance hears of them. */
    final int before;

    final List<String> received = new ArrayList<>();
    boolean requestClosed;
    boolean cancelled;
    boolean wanted = true;
    boolean writable = true;
    /** It has not left yet: the connection is still being made. */
    boolean unsent;

    int connectedAt = Integer.MAX_VALUE;
    Runnable onSend = () -> {};
    private final ManualTime time;
    private final Chunks chunks;
    private final Transport.Listener listener;
    private Runnable onRequestWhole = () -> {};
    private boolean ended;

    TestStream(
            ManualTime time,
            Chunks chunks,
            Call call,
            Instance instance,
            long leftNanos,
            int before,
            Transport.Listener listener) {
        this.time = time;
        this.chunks = chunks;
        this.call = call;
        this.instance = instance;
        this.leftNanos = leftNanos;
        this.before = before;
        this.listener = listener;
    }

    void play(Script script) {
        script.play(this);
    }

    // what the middleware does

    @Override
    public void send(Chunk chunk, boolean last) {
        assertThat(requestClosed).as("%s is sent after the half-close", chunk).isFalse();
        received.add(Chunks.text(chunk));
        chunk.release();
        onSend.run();
        if (last) {
            halfClose();
        }
    }

    @Override
    public void halfClose() {
        assertThat(requestClosed).as("closed twice").isFalse();
        requestClosed = true;
        if (!cancelled) {
            time.schedule(onRequestWhole, 0);
        }
    }

    @Override
    public boolean writable() {
        return writable;
    }

    @Override
    public boolean unsent() {
        return unsent;
    }

    @Override
    public int connectedAt() {
        return connectedAt;
    }

    @Override
    public void wantMore(boolean more) {
        assertThat(ended).as("asked for more after its end").isFalse();
        wanted = more;
    }

    @Override
    public void cancel() {
        assertThat(ended).as("cancelled after its end").isFalse();
        cancelled = true;
        ended = true;
    }

    // what the instance does

    void whenRequestIsWhole(Runnable action) {
        onRequestWhole = () -> {
            if (!ended) {
                action.run();
            }
        };
    }

    void later(Duration delay, Runnable action) {
        time.schedule(
                () -> {
                    if (!ended) {
                        action.run();
                    }
                },
                delay.toNanos());
    }

    void headers() {
        headers(TestHeaders.NONE);
    }

    void headers(Headers headers) {
        listener.headers(headers);
    }

    void chunk(String text) {
        listener.chunk(chunks.of(text));
    }

    void trailers(Code code) {
        trailers(code, "");
    }

    void trailers(Code code, String words) {
        trailers(new TestHeaders(code, words));
    }

    void trailers(Headers trailers) {
        ended = true;
        listener.trailers(trailers);
    }

    void answer(String text) {
        headers();
        chunk(text);
        trailers(Code.OK);
    }

    void fail(Outcome outcome) {
        ended = true;
        listener.failed(outcome);
    }

    void becomeWritable(boolean newer) {
        writable = newer;
        listener.writabilityChanged();
    }
}
