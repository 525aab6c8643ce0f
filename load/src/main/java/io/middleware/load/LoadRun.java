package io.middleware.load;

import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** One run: sends each call when it is due, and tells of each how it ended. */
final class LoadRun {

    /** The last call is due so shortly before the end that any pause of this machine would cancel it. */
    private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(500);

    private final Schedule schedule;
    private final long nanos;
    private final Map<Kind, Target> targets;
    private final Pace pace;
    private final Consumer<CallRecord> records;
    private long sent;
    private final NavigableMap<Long, Integer> underWay = new TreeMap<>();
    private long lastDueMicros;

    /** @param records told of each call at its end, on any thread */
    LoadRun(Schedule schedule, long nanos, Map<Kind, Target> targets, Pace pace, Consumer<CallRecord> records) {
        this.schedule = schedule;
        this.nanos = nanos;
        this.targets = targets;
        this.pace = pace;
        this.records = records;
    }

    /**
     * Sends the plan, unless this thread is interrupted. What could not be sent half a second after its end, because this machine
     * is too slow, is not sent at all.
     *
     * @return calls sent
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

    /** Waits for the calls under way. False: some did not end in that time. */
    synchronized boolean awaitEnds(long limitMillis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
        while (!underWay.isEmpty()) {
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
        targets.get(kind).call(callId, reply -> {
            if (ended.compareAndSet(false, true)) {
                long latencyMicros = Math.max(0, pace.nanos() - due) / 1_000;
                records.accept(new CallRecord(dueMicros, kind, latencyMicros, callId, reply));
                ended(dueMicros);
            }
        });
    }

    /** In microseconds since 1970: every call that was due before this time has ended and was told of. */
    synchronized long settledMicros() {
        return underWay.isEmpty() ? lastDueMicros : underWay.firstKey();
    }

    private synchronized void began(long dueMicros) {
        underWay.merge(dueMicros, 1, Integer::sum);
        lastDueMicros = dueMicros;
    }

    private synchronized void ended(long dueMicros) {
        underWay.computeIfPresent(dueMicros, (due, calls) -> calls == 1 ? null : calls - 1);
        notifyAll();
    }
}
