package io.middleware.chaos.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.load.CallRecord;
import io.middleware.load.Kind;
import io.middleware.load.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowTest {

    private final List<CallRecord> calls = new ArrayList<>();

    @Test
    void slowest_percentileAndThoseOver100ms_areOfTheLatencies() {
        for (int millis = 1; millis <= 200; millis++) {
            responded(0, millis * 1_000L, "a", "g");
        }
        Window window = new Window(calls);

        assertThat(window.slowest()).isEqualTo(200_000);
        assertThat(window.percentile(50)).isEqualTo(100_000);
        assertThat(window.percentile(99.9)).isEqualTo(200_000);
        assertThat(window.over100ms()).isEqualTo(100);
    }

    @Test
    void windowWithoutCalls_hasNothingSlow() {
        Window window = new Window(List.of());

        assertThat(window.slowest()).isZero();
        assertThat(window.percentile(99)).isZero();
        assertThat(window.attemptsPerCall()).isZero();
    }

    @Test
    void firstResponse_isOfTheInstanceOrTheGateway() {
        responded(10, 1, "a", "g1");
        responded(20, 1, "b", "g1");
        responded(30, 5, "b", "g2");
        responded(40, 1, "a", "g2");
        Window window = new Window(calls);

        assertThat(window.firstSuccess("a")).hasValue(11);
        assertThat(window.firstSuccess("b")).hasValue(21);
        assertThat(window.firstSuccess("g2")).hasValue(35);
        assertThat(window.firstSuccess("c")).isEmpty();
    }

    @Test
    void lostCalls_areNobodysResponses() {
        calls.add(new CallRecord(1, Kind.HTTP, 1, "", new Reply("503", "a", "g", 3, "")));
        calls.add(new CallRecord(1, Kind.SIGN, 1, "", new Reply("gone", "", "", 0, "")));
        Window window = new Window(calls);

        assertThat(window.lost().count()).isEqualTo(2);
        assertThat(window.idempotent().lost().count()).isEqualTo(1);
        assertThat(window.respondedBy()).isEmpty();
        assertThat(window.firstSuccess("a")).isEmpty();
    }

    private void responded(long due, long latency, String instance, String gateway) {
        calls.add(new CallRecord(due, Kind.GRPC, latency, "", new Reply("", instance, gateway, 1, "")));
    }
}
