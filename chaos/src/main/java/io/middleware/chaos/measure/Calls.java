package io.middleware.chaos.measure;

import io.middleware.load.CallRecord;
import io.middleware.load.RecordLines;
import java.util.ArrayList;
import java.util.List;

/** The calls of a running load, collected as it reports them. Safe for several threads. */
public final class Calls {

    private final List<CallRecord> records = new ArrayList<>();
    private long settledMicros;
    private boolean over;

    /** Adds a line of {@link RecordLines}. */
    synchronized void add(String line) {
        if (line.startsWith(RecordLines.SETTLED)) {
            settledMicros = Long.parseLong(line.substring(RecordLines.SETTLED.length()));
        } else {
            records.add(CallRecord.parse(line));
        }
        notifyAll();
    }

    /** Called when no more lines come. */
    synchronized void onEnd() {
        over = true;
        notifyAll();
    }

    /** Returns the calls due in that period that have ended. */
    public synchronized List<CallRecord> due(long fromMicros, long toMicros) {
        return records.stream()
                .filter(call -> call.dueMicros() >= fromMicros && call.dueMicros() < toMicros)
                .toList();
    }

    /** Drops the records of calls due before that time. */
    synchronized void forgetUntil(long micros) {
        records.removeIf(call -> call.dueMicros() < micros);
    }

    /**
     * Waits until every call due before that time has ended, or for {@code limitMillis}. Returns false when the wait
     * was too short.
     */
    public synchronized boolean awaitSettled(long micros, long limitMillis) throws InterruptedException {
        long end = System.nanoTime() + limitMillis * 1_000_000;
        while (settledMicros < micros && !over) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
