package io.middleware.starter.fault;

import io.grpc.Context;
import java.util.concurrent.Semaphore;

/** A queue of calls that wait for their turn. A call that was cancelled while it waited takes no time. */
final class WorkQueue {
    private static final int UNLIMITED = Integer.MAX_VALUE / 2;

    private final Semaphore places;

    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }

    WorkQueue(int places) {
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

    /** Gives a place to every call from now on. */
    void open() {
        places.release(UNLIMITED);
    }
}
