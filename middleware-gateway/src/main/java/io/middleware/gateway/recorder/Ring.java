package io.middleware.gateway.recorder;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The last ones of what was added, as many as have room. Any number of threads may add and read; none waits. */
final class Ring<T> {
    private final AtomicReferenceArray<T> slots;
    private final AtomicLong added = new AtomicLong();

    /** {@code room}: for how many; 0 keeps none. */
    Ring(int room) {
        slots = new AtomicReferenceArray<>(room);
    }

    void add(T newer) {
        if (slots.length() > 0) {
            slots.set((int) (added.getAndIncrement() % slots.length()), newer);
        }
    }

    /** Returns those that are there, the newest first. */
    List<T> newestFirst() {
        List<T> found = new ArrayList<>();
        long last = added.get() - 1;
        for (long i = last; i >= 0 && i > last - slots.length(); i--) {
            T each = slots.get((int) (i % slots.length()));
            if (each != null) {
                found.add(each);
            }
        }
        return found;
    }
}
