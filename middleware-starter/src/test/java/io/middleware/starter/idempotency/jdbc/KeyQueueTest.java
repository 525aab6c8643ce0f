package io.middleware.starter.idempotency.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.starter.idempotency.CallKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KeyQueueTest {
    private final KeyQueue queue = new KeyQueue();

    @Test
    void oneCallOfAKeyAtATime_andNothingIsLeft() throws Exception {
        AtomicInteger[] inside = {new AtomicInteger(), new AtomicInteger(), new AtomicInteger()};
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int key = i % inside.length;
            all.add(EffectsOnce.later(() -> {
                try (KeyQueue.Turn turn = queue.enter(key(key), Duration.ofSeconds(20))) {
                    assertThat(turn).isNotNull();
                    assertThat(inside[key].incrementAndGet()).isEqualTo(1);
                    Thread.yield();
                    inside[key].decrementAndGet();
                }
                return null;
            }));
        }
        for (CompletableFuture<Void> each : all) {
            each.get(30, TimeUnit.SECONDS);
        }
        assertThat(queue.size()).isZero();
    }

    @Test
    void callThatWaitsInVain_leaves() {
        try (KeyQueue.Turn turn = Objects.requireNonNull(queue.enter(key(1), Duration.ofMillis(1)))) {
            assertThat(queue.enter(key(1), Duration.ofMillis(20))).isNull();
            try (KeyQueue.Turn other = queue.enter(key(2), Duration.ofMillis(1))) {
                assertThat(other).as("of another key").isNotNull();
            }
            assertThat(turn).isNotNull();
            assertThat(queue.size()).isEqualTo(1);
        }
        assertThat(queue.size()).isZero();
    }

    private static CallKey key(int number) {
        return new CallKey(new byte[] {(byte) number}, "", "a.B/C", "k" + number, new byte[0]);
    }
}
