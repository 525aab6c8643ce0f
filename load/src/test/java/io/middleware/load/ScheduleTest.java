package io.middleware.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.load.Schedule.Arrival;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void arrivalsOfAKind_areAtEqualDistances() {
        assertThat(all(new Schedule(Map.of(Kind.GRPC, 4.0), SECOND)))
                .extracting(Arrival::dueNanos)
                .containsExactly(125_000_000L, 375_000_000L, 625_000_000L, 875_000_000L);
    }

    @Test
    void kinds_areMergedInTheOrderInWhichTheyAreDue() {
        List<Arrival> all = all(new Schedule(Map.of(Kind.GRPC, 150.0, Kind.HTTP, 100.0, Kind.SIGN, 30.0), 2 * SECOND));

        assertThat(all).isSortedAccordingTo((a, b) -> Long.compare(a.dueNanos(), b.dueNanos()));
        assertThat(all).filteredOn(arrival -> arrival.kind() == Kind.GRPC).hasSize(300);
        assertThat(all).filteredOn(arrival -> arrival.kind() == Kind.HTTP).hasSize(200);
        assertThat(all).filteredOn(arrival -> arrival.kind() == Kind.SIGN).hasSize(60);
    }

    @Test
    void planned_isWhatItGives() {
        for (double rate : new double[] {0, 0.4, 0.5, 0.6, 1, 1.5, 7.3, 150}) {
            Schedule schedule = new Schedule(Map.of(Kind.GRPC, rate, Kind.HTTP, 3.0), SECOND);
            assertThat(schedule.planned())
                    .as("%s a second", rate)
                    .isEqualTo(all(schedule).size());
        }
    }

    private static List<Arrival> all(Schedule schedule) {
        List<Arrival> all = new ArrayList<>();
        for (Arrival next = schedule.next(); next != null; next = schedule.next()) {
            all.add(next);
        }
        return all;
    }
}
