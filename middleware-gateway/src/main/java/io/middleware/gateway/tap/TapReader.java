package io.middleware.gateway.tap;

import io.middleware.gateway.ended.Backlog;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.FluxSink;

/** One who watches. What a slow one does not take in time is dropped, and it is told how many lines that were. */
final class TapReader {
    /** Of calls here, and as many lines of other gateways. */
    static final int MOST_WAITING = 1_000;
    /** Of calls with their messages, which take up to 8 KB. */
    static final int MOST_WITH_MESSAGES = 200;

    private static final Logger log = LoggerFactory.getLogger(TapReader.class);
    /** As many of these may be on their way to a slow reader as the server asks for ahead, which is 128. */
    private static final int BATCH = 8 << 10;

    private static final int MOST_BATCHES = 32;
    /** Nginx gives a silent stream up after 5 s. */
    private static final long SIGN_OF_LIFE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final TapFilter filter;
    private final LineForms.LineForm form;
    private final FluxSink<byte[]> sink;
    private final Backlog<TappedCall> calls;
    private final Backlog<String> lines = new Backlog<>(MOST_WAITING);
    // what follows is confined to the tap's worker
    private long toldLost;
    private long lastSent;
    private boolean begun;
    private boolean ownFirst;

    TapReader(TapFilter filter, LineForms.LineForm form, FluxSink<byte[]> sink) {
        this.filter = filter;
        this.calls = new Backlog<>(filter.messages() ? MOST_WITH_MESSAGES : MOST_WAITING);
        this.form = form;
        this.sink = sink;
    }

    TapFilter filter() {
        return filter;
    }

    /** Called with a call that passes the filter. */
    void offer(TappedCall call) {
        calls.offer(call);
    }

    /** Called with the line of another gateway. */
    void offer(String line) {
        lines.offer(line);
    }

    void end() {
        sink.complete();
    }

    /** Sends what waits, as far as the reader takes it. Called by the tap's worker. */
    void send() {
        try {
            for (int i = 0; i < MOST_BATCHES && sink.requestedFromDownstream() > 0; i++) {
                byte[] batch = batch();
                if (batch.length == 0) {
                    return;
                }
                sink.next(batch);
                lastSent = System.nanoTime();
                begun = true;
            }
        } catch (RuntimeException bug) {
            log.error("a tap ends, as it cannot be served", bug);
            sink.complete();
        }
    }

    private byte[] batch() {
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        for (String line = next(); line != null; line = batch.size() < BATCH ? next() : null) {
            batch.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
        // an empty line says that the gateway lives, the first one that the stream has begun
        if (batch.size() == 0 && (!begun || System.nanoTime() - lastSent > SIGN_OF_LIFE_NANOS)) {
            batch.write('\n');
        }
        return batch.toByteArray();
    }

    private @Nullable String next() {
        long lost = calls.dropped() + lines.dropped();
        if (lost > toldLost) {
            int newer = (int) Math.min(lost - toldLost, Integer.MAX_VALUE);
            toldLost = lost;
            return form.lost().apply(newer);
        }
        // in turn, so that many calls here hide none of the others'
        ownFirst = !ownFirst;
        String line = ownFirst ? nextCall() : lines.poll();
        return line != null ? line : ownFirst ? lines.poll() : nextCall();
    }

    private @Nullable String nextCall() {
        TappedCall call = calls.poll();
        return call == null ? null : form.call().apply(call);
    }
}
