package io.middleware.core.instance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.fixture.ManualTime;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeakEwmaTest {
    private static final Percentage ONE = Percentage.withPercentage(1);
    private static final double MS = 1_000_000;

    private final ManualTime time = new ManualTime();
    private final PeakEwma latency = new PeakEwma();

    @BeforeEach
    void start() {
        // far from the clock's zero, so that no time is before it
        time.advance(Duration.ofHours(1));
    }

    @Test
    void withoutASample_isUnknown() {
        assertThat(latency.nanos(time.nanos())).isEqualTo(PeakEwma.UNKNOWN);
    }

    @Test
    void whatBeganBeforeTheFirstSample_isNotBelieved() {
        latency.sample(MILLISECONDS.toNanos(400), time.nanos());
        latency.sample(MILLISECONDS.toNanos(300), time.nanos());
        latency.atLeast(MILLISECONDS.toNanos(200), time.nanos());
        assertThat(latency.nanos(time.nanos())).isEqualTo(PeakEwma.UNKNOWN);
        time.advance(Duration.ofMillis(10));
        latency.sample(MILLISECONDS.toNanos(3), time.nanos());
        assertThat(millis()).isCloseTo(3, ONE);
    }

    @Test
    void slowerSample_isBelievedAtOnce() {
        sample(3);
        sample(200);
        assertThat(millis()).isCloseTo(200, ONE);
    }

    @Test
    void fasterSamples_areBelievedSlowly() {
        sample(200);
        for (int i = 0; i < 1_000 * PeakEwma.TAU_SECONDS; i++) {
            time.advance(Duration.ofMillis(1));
            sample(2);
        }
        assertThat(millis()).as("one time constant later").isCloseTo(2 + 198 / Math.E, Percentage.withPercentage(2));
    }

    @Test
    void manySamplesWithinAMoment_weighNoMoreThanOne() {
        sample(200);
        for (int i = 0; i < 10_000; i++) {
            sample(2);
        }
        assertThat(millis()).isCloseTo(200, ONE);
    }

    @Test
    void nobodyAsking_makesItWorthATryAgain() {
        sample(200);
        time.advance(Duration.ofSeconds(PeakEwma.TAU_SECONDS));
        assertThat(millis()).isCloseTo(200 / Math.E, ONE);
    }

    @Test
    void longAfterTheLastSample_isUnknown() {
        sample(200);
        time.advance(Duration.ofSeconds(10 * PeakEwma.TAU_SECONDS + 1));
        assertThat(latency.nanos(time.nanos())).isEqualTo(PeakEwma.UNKNOWN);
        sample(3);
        assertThat(millis()).isCloseTo(3, ONE);
    }

    @Test
    void lowerBound_raises_andNeverLowers() {
        sample(3);
        latency.atLeast(MILLISECONDS.toNanos(1), time.nanos());
        assertThat(millis()).isCloseTo(3, ONE);
        latency.atLeast(MILLISECONDS.toNanos(12), time.nanos());
        assertThat(millis()).isCloseTo(12, ONE);
    }

    @Test
    void triesInVain_oneAfterAnother_doubleTheCost_upToEightTimesOne() {
        sample(3);
        for (int cost : new int[] {12, 24, 48, 96, 96}) {
            time.advance(Duration.ofMillis(13));
            latency.atLeast(MILLISECONDS.toNanos(12), time.nanos());
            assertThat(millis()).isCloseTo(cost, ONE);
        }
    }

    @Test
    void triesInVain_atTheSameTime_countOnce() {
        sample(3);
        time.advance(Duration.ofMillis(13));
        for (int i = 0; i < 5; i++) {
            latency.atLeast(MILLISECONDS.toNanos(12), time.nanos());
        }
        assertThat(millis()).isCloseTo(12, ONE);
    }

    @Test
    void forgotten_isUnknown() {
        sample(3);
        latency.forget();
        assertThat(latency.nanos(time.nanos())).isEqualTo(PeakEwma.UNKNOWN);
    }

    @Test
    void peakAmongConcurrentSamples_isNotLost() throws InterruptedException {
        sample(2);
        long now = time.nanos();
        CountDownLatch start = new CountDownLatch(1);
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            long peak = i == 2 ? 500 : 3;
            threads[i] = Thread.ofPlatform().start(() -> {
                await(start);
                for (int n = 0; n < 10_000; n++) {
                    latency.sample(MILLISECONDS.toNanos(n == 5_000 ? peak : 2), now);
                }
            });
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(latency.nanos(now) / MS).isCloseTo(500, ONE);
    }

    private static void await(CountDownLatch start) {
        try {
            start.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** After the first one, which is not believed. */
    private void sample(long millis) {
        if (latency.nanos(time.nanos()) == PeakEwma.UNKNOWN) {
            latency.sample(1, time.nanos());
            time.advance(Duration.ofMillis(millis + 1));
        }
        latency.sample(MILLISECONDS.toNanos(millis), time.nanos());
    }

    private double millis() {
        return latency.nanos(time.nanos()) / MS;
    }
}
