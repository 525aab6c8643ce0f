package io.middleware.hello;

import io.grpc.Context;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * What an answer costs: a time, and a place among those that are worked on at once. Others wait in a queue, first come
 * first.
 */
@Component
final class Work {

    private final Duration time;
    private final Semaphore places;

    Work(HelloProperties properties) {
        this.time = properties.work();
        this.places = properties.concurrency() == 0 ? null : new Semaphore(properties.concurrency(), true);
    }

    /**
     * Works, then gives the result. Ends the call when the server stops meanwhile, or nobody waits for the answer any
     * more.
     */
    <T> T during(Supplier<T> result) {
        try {
            if (places == null) {
                return work(result);
            }
            places.acquire();
            try {
                return work(result);
            } finally {
                places.release();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw Status.UNAVAILABLE.withDescription("the server is stopping").asRuntimeException();
        }
    }

    private <T> T work(Supplier<T> result) throws InterruptedException {
        if (Context.current().isCancelled()) {
            throw Status.CANCELLED
                    .withDescription("nobody waits for the answer any more")
                    .asRuntimeException();
        }
        if (!time.isZero()) {
            Thread.sleep(time);
        }
        return result.get();
    }
}
