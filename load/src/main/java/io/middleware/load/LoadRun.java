package io.middleware.load;

import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** One run: sends each call when it is due, and reports how it ended. */
final class LoadRun {

    /** Without it, any pause of this machine would drop the last call, which is due just before the end. */
    private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(500);

    private final Schedule schedule;
    private final long nanos;
    private final Map<Kind, Target> targets;
    private final Pace pace;
    private final Consumer<CallRecord> records;
    private long sent;
    private final NavigableMap<Long, Integer> inFlight = new TreeMap<>();
    private long lastDueMicros;

    /** @param records called with each call that ended, on any thread */
    LoadRun(Schedule schedule, long nanos, Map<Kind, Target> targets, Pace pace, Consumer<CallRecord> records) {
        this.schedule = schedule;
        this.nanos = nanos;
        this.targets = targets;
        this.pace = pace;
        this.records = records;
    }

    /**
     * Sends the calls of the schedule until its end or an interrupt. Calls that this slow a machine could not send
     * within half a second after the end are not sent at all.
     *
     * @return number of calls sent
     */
    long send() {
        long begin = pace.nanos();
        for (Schedule.Arrival arrival = schedule.next(); arrival != null; arrival = schedule.next()) {
            long due = begin + arrival.dueNanos();
            pace.await(due);
            if (pace.nanos() - begin > nanos + GRACE || Thread.currentThread().isInterrupted()) {
                break;
            }
            send(arrival.kind(), due);
            sent++;
        }
        return sent;
    }

    /** Waits for the calls in flight. Returns false when some did not end in that time. */
    synchronized boolean awaitEnds(long limitMillis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
        while (!inFlight.isEmpty()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    private void send(Kind kind, long due) {
        long dueMicros = pace.micros() - (pace.nanos() - due) / 1_000;
        String callId = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        AtomicBoolean ended = new AtomicBoolean();
        began(dueMicros);
        Objects.requireNonNull(targets.get(kind)).call(callId, reply -> {
            if (ended.compareAndSet(false, true)) {
                long latencyMicros = Math.max(0, pace.nanos() - due) / 1_000;
                records.accept(new CallRecord(dueMicros, kind, latencyMicros, callId, reply));
                ended(dueMicros);
            }
        });
    }

    /**
     * Returns the time, in microseconds since 1970, before which every call that was due has ended and been reported.
     */
    synchronized long settledMicros() {
        return inFlight.isEmpty() ? lastDueMicros : inFlight.firstKey();
    }

    private synchronized void began(long dueMicros) {
        inFlight.merge(dueMicros, 1, Integer::sum);
        lastDueMicros = dueMicros;
    }

    private synchronized void ended(long dueMicros) {
        inFlight.computeIfPresent(dueMicros, (due, calls) -> calls == 1 ? null : calls - 1);
        notifyAll();
    }
}
