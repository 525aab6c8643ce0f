package io.middleware.gateway.accesslog;

import io.middleware.core.Code;
import io.middleware.core.record.CallListener;
import io.middleware.core.record.CallRecord;
import io.middleware.gateway.ended.Backlog;
import io.middleware.gateway.ended.CallLine;
import io.middleware.gateway.ended.EndedCall;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line for each call that did not succeed or took several attempts, and for one in some of the others. Lines are made and
 * written on a thread of its own. What it cannot write in time is dropped and counted: no call waits for a disk.
 */
final class AccessLog implements CallListener, AutoCloseable {
    /** With their records these take about 8 MB. */
    static final int MOST_WAITING = 4_000;

    private static final Logger log = LoggerFactory.getLogger(AccessLog.class);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration BETWEEN_WARNINGS = Duration.ofSeconds(10);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final int BATCH = 64 << 10;

    private final String gateway;
    private final int oneIn;
    private final Destination destination;
    private final InstantSource clock = InstantSource.system();
    private final Backlog<EndedCall> waiting = new Backlog<>(MOST_WAITING);
    private final Thread writer;
    private volatile boolean closed;
    /** Lines that were made, but could not be written. */
    private final AtomicLong unwritten = new AtomicLong();
    // what follows is confined to the writer
    private String problem = "it is not written as fast as calls end";
    private long told;
    private long toldAt = System.nanoTime() - BETWEEN_WARNINGS.toNanos();

    /** Where lines go. */
    @FunctionalInterface
    interface Destination {
        /** Writes whole lines. May block. */
        void write(byte[] lines) throws IOException;
    }

    /**
     * Creates one and its thread, which {@link #start} starts.
     *
     * @param gateway the id of this one
     * @param oneIn   how many calls that succeed at once share a line
     */
    AccessLog(String gateway, int oneIn, Destination destination) {
        this.gateway = gateway;
        this.oneIn = oneIn;
        this.destination = destination;
        this.writer = Thread.ofPlatform().daemon().name("access-log").unstarted(this::run);
    }

    AccessLog start() {
        writer.start();
        return this;
    }

    @Override
    public void onEnd(CallRecord record) {
        if (record.end().code() != Code.OK
                || record.attempts() > 1
                || ThreadLocalRandom.current().nextInt(oneIn) == 0) {
            waiting.offer(EndedCall.of(record, clock));
        }
    }

    /** Returns how many lines are missing so far. */
    long lost() {
        return waiting.dropped() + unwritten.get();
    }

    private void run() {
        while (!closed) {
            writeAll();
            tellLost();
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        writeAll();
    }

    private void writeAll() {
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        int lines = 0;
        for (EndedCall call = waiting.poll(); call != null; call = waiting.poll()) {
            batch.writeBytes(line(call));
            lines++;
            if (batch.size() >= BATCH) {
                write(batch.toByteArray(), lines);
                batch.reset();
                lines = 0;
            }
        }
        if (lines > 0) {
            write(batch.toByteArray(), lines);
        }
    }

    private byte[] line(EndedCall call) {
        return (CallLine.of(call, gateway).json() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private void write(byte[] batch, int lines) {
        try {
            destination.write(batch);
        } catch (IOException cannot) {
            unwritten.addAndGet(lines);
            problem = cannot.toString();
        }
    }

    private void tellLost() {
        long lost = lost();
        if (lost > told && System.nanoTime() - toldAt >= BETWEEN_WARNINGS.toNanos()) {
            log.warn("{} lines of the access log are missing: {}", lost - told, problem);
            told = lost;
            toldAt = System.nanoTime();
        }
    }

    /** Writes what is left. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(writer);
        try {
            writer.join(LAST_WORDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
