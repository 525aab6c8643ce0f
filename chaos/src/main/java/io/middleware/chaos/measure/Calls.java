package io.middleware.chaos.measure;

import io.middleware.load.CallRecord;
import io.middleware.load.RecordLines;
import java.util.ArrayList;
import java.util.List;

/** The calls of a load under way, as it tells of them. For several threads. */
public final class Calls {

    private final List<CallRecord> records = new ArrayList<>();
    private long settledMicros;
    private boolean over;

    /** A line of {@link RecordLines}. */
    synchronized void line(String line) {
        if (line.startsWith(RecordLines.SETTLED)) {
            settledMicros = Long.parseLong(line.substring(RecordLines.SETTLED.length()));
        } else {
            records.add(CallRecord.parse(line));
        }
        notifyAll();
    }

    /** No more lines come. */
    synchronized void over() {
        over = true;
        notifyAll();
    }

    /** Those that were due then and have ended. */
    public synchronized List<CallRecord> due(long fromMicros, long toMicros) {
        return records.stream()
                .filter(call -> call.dueMicros() >= fromMicros && call.dueMicros() < toMicros)
                .toList();
    }

    /** Gives up the records of those that were due before. */
    synchronized void forgetUntil(long micros) {
        records.removeIf(call -> call.dueMicros() < micros);
    }

    /** Waits until every call that was due before that time has ended, at most {@code limitMillis}. */
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
