package io.middleware.starter.fault;

import io.grpc.Context;
import java.util.concurrent.Semaphore;

/** Calls that wait until it is their turn to be worked on. One that nobody waits for any more takes up no time. */
final class Line {
    private static final int ALL = Integer.MAX_VALUE / 2;

    private final Semaphore places;

    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }

    Line(int places) {
        this.places = new Semaphore(places, true);
    }

    /** Waits for a place, and works there. */
    void pass(Work work) throws InterruptedException {
        places.acquire();
        try {
            if (!Context.current().isCancelled()) {
                work.run();
            }
        } finally {
            places.release();
        }
    }

    /** From now on there is a place for each. */
    void open() {
        places.release(ALL);
    }
}
