package io.middleware.gateway.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.record.CallRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlowestTest {
    private final Slowest slowest = new Slowest();
    private long now;

    @Test
    void ofAMinute_theSlowestStay() {
        for (int millis : new int[] {30, 1, 50}) {
            for (int i = 0; i < Slowest.OF_A_MINUTE; i++) {
                offer(7, millis + i);
            }
        }

        assertThat(slowest.all())
                .extracting(call -> call.record().nanos() / 1_000_000)
                .hasSize(Slowest.OF_A_MINUTE)
                .allMatch(millis -> millis >= 50);
        assertThat(slowest.takes(7, 50_000_000)).isFalse();
        assertThat(slowest.takes(7, 50_000_001)).isTrue();
    }

    @Test
    void anotherMinute_hasItsOwn_andTheEldestGoes() {
        for (int minute = 0; minute < Slowest.MINUTES + 3; minute++) {
            offer(minute, 10 + minute);
        }

        assertThat(slowest.all())
                .extracting(call -> call.record().nanos() / 1_000_000)
                .hasSize(Slowest.MINUTES)
                .allMatch(millis -> millis >= 13);
    }

    private void offer(long minute, long millis) {
        CallRecord record = new CallRecord(
                new Call("/a.A/B", null, Call.NO_DEADLINE, false, null, null),
                null,
                null,
                () -> now,
                null,
                ended -> {});
        now += millis * 1_000_000;
        record.concluded(Code.OK, null, false);
        if (slowest.takes(minute, record.nanos())) {
            slowest.add(minute, new KeptCall("id", null, Instant.EPOCH, null, Duration.ZERO, Set.of(), record));
        }
    }
}
