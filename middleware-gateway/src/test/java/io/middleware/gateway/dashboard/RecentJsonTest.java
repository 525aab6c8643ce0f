package io.middleware.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentJsonTest {
    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger made = new AtomicInteger();
    private final RecentJson recent = new RecentJson(made::incrementAndGet, Runnable::run, now::get);

    @Test
    void manyWhoAskAtOnce_getTheSame() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(recent.get().join()).asString().isEqualTo("1");
        }
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(RecentJson.FRESH_MILLIS) + 1);
        assertThat(recent.get().join()).asString().isEqualTo("2");
    }
}
