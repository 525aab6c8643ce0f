package io.middleware.hello;

import io.grpc.Context;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Simulates the cost of a reply: time, and a place among those that are worked on at once. Others wait in a queue,
 * first come, first served.
 */
@Component
final class Work {

    private final Duration time;
    private final @Nullable Semaphore places;

    Work(HelloProperties properties) {
        this.time = properties.work();
        this.places = properties.concurrency() == 0 ? null : new Semaphore(properties.concurrency(), true);
    }

    /** Works, then returns the result. Ends the call if the server stops meanwhile, or the caller no longer waits. */
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
                    .withDescription("the caller no longer waits for the response")
                    .asRuntimeException();
        }
        if (!time.isZero()) {
            Thread.sleep(time);
        }
        return result.get();
    }
}
