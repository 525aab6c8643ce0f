package io.middleware.gateway.recorder;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The slowest calls of each of the last minutes with calls: where all are slow, none is slower than usual, and people ask nevertheless.
 * Any number of threads may use it. A call that is not among the slowest takes no lock.
 */
final class Slowest {
    static final int OF_A_MINUTE = 20;
    static final int MINUTES = 10;

    private static final Comparator<KeptCall> BY_TIME =
            Comparator.comparingLong(call -> call.record().nanos());

    private final AtomicReferenceArray<@Nullable Minute> minutes = new AtomicReferenceArray<>(MINUTES);

    private static final class Minute {
        private final long number;
        private final PriorityQueue<KeptCall> calls = new PriorityQueue<>(OF_A_MINUTE, BY_TIME);
        /** Of the fastest call that is kept; -1 while there is room. */
        private volatile long least = -1;

        Minute(long number) {
            this.number = number;
        }

        synchronized void add(KeptCall call) {
            if (calls.size() == OF_A_MINUTE) {
                if (BY_TIME.compare(call, calls.peek()) <= 0) {
                    return;
                }
                calls.remove();
            }
            calls.add(call);
            if (calls.size() == OF_A_MINUTE) {
                least = calls.peek().record().nanos();
            }
        }

        synchronized List<KeptCall> all() {
            return List.copyOf(calls);
        }
    }

    /** Returns whether a call that took so long is among the slowest of its minute so far. {@code minute}: since any time. */
    boolean takes(long minute, long nanos) {
        return nanos > of(minute).least;
    }

    void add(long minute, KeptCall call) {
        of(minute).add(call);
    }

    private Minute of(long number) {
        int slot = (int) (number % MINUTES);
        Minute found = minutes.get(slot);
        if (found != null && found.number >= number) {
            return found;
        }
        Minute begun = new Minute(number);
        // another thread may have begun the same minute
        return minutes.compareAndSet(slot, found, begun) ? begun : minutes.get(slot);
    }

    /** Returns those that are kept, in any order. */
    List<KeptCall> all() {
        List<KeptCall> found = new ArrayList<>();
        for (int i = 0; i < MINUTES; i++) {
            Minute minute = minutes.get(i);
            if (minute != null) {
                found.addAll(minute.all());
            }
        }
        return found;
    }
}
