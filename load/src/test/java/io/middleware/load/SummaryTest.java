package io.middleware.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SummaryTest {

    private final Summary summary = new Summary();

    @Test
    void lostCalls_areCountedByCode_withOneExampleEach() {
        for (int call = 1; call <= 40; call++) {
            lost("UNAVAILABLE: hello-service-" + call + " could not be reached after " + call + " ms");
        }
        lost("503: {\"code\":\"unavailable\"}");
        lost("no reason was given");
        summary.add(new CallRecord(0, Kind.GRPC, 1_000, "id", new Reply("", "hello-service-1", "gateway-1", 1, "")));

        assertThat(summary.lost()).isEqualTo(42);
        assertThat(summary.toString().lines())
                .contains(
                        "lost 40, for example: UNAVAILABLE: hello-service-1 could not be reached after 1 ms",
                        "lost 1: 503: {\"code\":\"unavailable\"}",
                        "lost 1: no reason was given",
                        "answered by hello-service-1 (1)");
    }

    @Test
    void portuguese_hasTheSameNotes() {
        summary.add(new CallRecord(0, Kind.GRPC, 1_000, "id", new Reply("", "hello-service-1", "gateway-1", 1, "")));
        lost("503: it''s late {0}");

        assertThat(summary.notes(new SummaryTexts("pt")))
                .containsExactly("respondidas por hello-service-1 (1)", "perdida 1: 503: it''s late {0}");
    }

    @Test
    void withoutAResponse_thatIsSaid() {
        lost("no reason was given");

        assertThat(summary.toString()).contains("no call was answered\n");
    }

    private void lost(String error) {
        summary.add(new CallRecord(0, Kind.GRPC, 1_000, "id", Reply.failed(error)));
    }
}
