package io.middleware.gateway.dashboard.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void buckets_followEachOther_andHoldWhatBeginsThere() {
        for (int bucket = 0; bucket < Histogram.BUCKETS; bucket++) {
            long start = TimeUnit.MICROSECONDS.toNanos(Histogram.start(bucket));
            assertThat(Histogram.bucket(start)).isEqualTo(bucket);
            assertThat(Histogram.bucket(start - 1)).isEqualTo(Math.max(0, bucket - 1));
        }
        assertThat(Histogram.bucket(Long.MAX_VALUE)).isEqualTo(Histogram.BUCKETS - 1);
        assertThat(Histogram.bucket(-1)).isZero();
    }

    @Test
    void percentileOfMergedHistograms_isThatOfAllDurations() {
        Random random = new Random(1);
        Histogram merged = new Histogram();
        double[] all = new double[3000];
        int next = 0;
        for (int gateway = 0; gateway < 3; gateway++) {
            Histogram own = new Histogram();
            for (int i = 0; i < 1000; i++) {
                double millis = Math.exp(random.nextGaussian() + gateway);
                all[next++] = millis;
                own.add(Histogram.bucket((long) (millis * 1e6)), 1);
            }
            merged.add(own.sparse());
        }
        Arrays.sort(all);

        assertThat(merged.total()).isEqualTo(3000);
        assertThat(merged.percentile(0.5)).isCloseTo(all[1499], withPercentage(13));
        assertThat(merged.percentile(0.99)).isCloseTo(all[2969], withPercentage(13));
    }

    @Test
    void nothing_hasNoPercentile() {
        assertThat(new Histogram().percentile(0.99)).isNull();
    }

    @Test
    void whatIsNoHistogram_isIgnored() {
        Histogram histogram = new Histogram();
        histogram.add((int[]) null);
        histogram.add(new int[] {-1, 5, Histogram.BUCKETS, 5, 3, -5, 7});

        assertThat(histogram.total()).isZero();
    }
}
