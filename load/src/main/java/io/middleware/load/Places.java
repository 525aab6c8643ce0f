package io.middleware.load;

import java.util.ArrayDeque;
import java.util.Queue;

/** A number of places, for which tasks wait in their order. */
final class Places {

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int free;

    Places(int free) {
        this.free = free;
    }

    /** Runs the task as soon as it has a place: now, or on the thread that gives one back. */
    void take(Runnable task) {
        synchronized (this) {
            if (free == 0) {
                waiting.add(task);
                return;
            }
            free--;
        }
        task.run();
    }

    /** Gives a place back, to the task that has waited longest. */
    void giveBack() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                free++;
                return;
            }
        }
        next.run();
    }
}
