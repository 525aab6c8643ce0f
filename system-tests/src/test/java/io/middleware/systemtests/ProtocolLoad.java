package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.systemtests.HelloCalls.Way;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** Calls by every protocol at a steady rate, whether those before were answered or not. */
final class ProtocolLoad implements AutoCloseable {

    /** By each way. */
    private static final int CALLS_PER_SECOND = 6;

    private final HelloCalls calls = new HelloCalls();
    private final Map<Way, Tally> tallies = new LinkedHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    private static final class Tally {
        final AtomicInteger sent = new AtomicInteger();
        final AtomicInteger whole = new AtomicInteger();
        final AtomicInteger brokenOff = new AtomicInteger();
        final AtomicInteger retried = new AtomicInteger();
        final Queue<String> lost = new ConcurrentLinkedQueue<>();

        void add(Way way, Received received, String when) {
            if (received.retried()) {
                retried.incrementAndGet();
            }
            if (received.isWhole(way.expected())) {
                whole.incrementAndGet();
            } else if (way.mayBreakOff() && received.brokeOff(way.expected())) {
                brokenOff.incrementAndGet();
            } else {
                lost.add(when + ": " + received);
            }
        }

        int ended() {
            return whole.get() + brokenOff.get() + lost.size();
        }

        @Override
        public String toString() {
            return "%d calls, %d retried, %d broken off, %d lost"
                    .formatted(sent.get(), retried.get(), brokenOff.get(), lost.size());
        }
    }

    ProtocolLoad() {
        calls.all().forEach(way -> tallies.put(way, new Tally()));
        warmUp();
        long period = TimeUnit.SECONDS.toNanos(1) / CALLS_PER_SECOND / tallies.size();
        int[] next = {0};
        Way[] ways = tallies.keySet().toArray(Way[]::new);
        clock.scheduleAtFixedRate(() -> call(ways[next[0]++ % ways.length]), 0, period, TimeUnit.NANOSECONDS);
    }

    /** Calls a few times first: a chain that has just started is slow. */
    private void warmUp() {
        for (int round = 1; round <= 3; round++) {
            CompletableFuture.allOf(tallies.keySet().stream()
                            .map(way -> way.call().get())
                            .toArray(CompletableFuture[]::new))
                    .join();
        }
    }

    private void call(Way way) {
        Tally tally = tallies.get(way);
        tally.sent.incrementAndGet();
        String when = Instant.now().toString();
        way.call().get().thenAccept(received -> tally.add(way, received, when));
    }

    /** Returns when so many more calls have ended. */
    void await(int calls) {
        int target = ended() + calls;
        Awaitility.await("calls end").atMost(HelloCalls.PATIENCE).until(() -> ended() >= target);
    }

    private int ended() {
        return tallies.values().stream().mapToInt(Tally::ended).sum();
    }

    /**
     * Ends the calls. Fails unless each had its replies, or had some of a stream and then an error that says so. The
     * latter must have been seen of each kind of long stream.
     */
    void endWithNothingLost() throws InterruptedException {
        clock.shutdown();
        assertThat(clock.awaitTermination(HelloCalls.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        Awaitility.await("every call has ended")
                .atMost(HelloCalls.PATIENCE.multipliedBy(2))
                .until(() -> tallies.values().stream().allMatch(tally -> tally.ended() == tally.sent.get()));
        tallies.forEach((way, tally) -> System.out.println(way.name() + ": " + tally));
        tallies.forEach((way, tally) -> {
            assertThat(tally.lost).as("lost of %s: %s", way.name(), tally).isEmpty();
            if (way.isLong()) {
                assertThat(tally.brokenOff).as("broken off, by %s", way.name()).hasPositiveValue();
            }
        });
    }

    @Override
    public void close() {
        clock.shutdownNow();
        calls.close();
    }
}
