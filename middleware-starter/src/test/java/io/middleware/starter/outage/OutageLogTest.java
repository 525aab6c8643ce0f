package io.middleware.starter.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OutageLogTest {

    private final List<String> lines = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000);
    private final OutageLog log = new OutageLog(lines::add, lines::add, nanos::get);

    @Test
    void warnings_areOneInTenSeconds_andTellHowManyWereLeftOut() {
        log.warn("first");
        for (int call = 0; call < 300; call++) {
            log.warn("another");
        }
        assertThat(lines).containsExactly("first");

        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        log.warn("later");
        log.warn("another");
        nanos.addAndGet(Duration.ofSeconds(20).toNanos());
        log.warn("last");

        assertThat(lines)
                .containsExactly(
                        "first",
                        "later (and 300 more since the last such line)",
                        "last (and 1 more since the last such line)");
    }

    @Test
    void endOfAnOutage_isToldOnce_ifItsBeginningWas() {
        log.over("back");
        assertThat(lines).isEmpty();

        log.warn("away");
        nanos.addAndGet(Duration.ofMillis(1_500).toNanos());
        log.over("back");
        log.over("back");
        log.warn("away again, which is not told so soon");
        log.over("back");

        assertThat(lines).containsExactly("away", "back, after 1500 ms");
    }
}
