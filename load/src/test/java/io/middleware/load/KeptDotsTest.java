package io.middleware.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.load.report.Mark;
import io.middleware.load.report.Timeline;
import org.junit.jupiter.api.Test;

class KeptDotsTest {

    private static final Reply ANSWERED = new Reply("", "hello-service-1", "gateway-1", 1, "");

    @Test
    void longRun_keepsEveryNthOrdinaryCall_andAllUnusualOnes() {
        KeptDots dots = new KeptDots(100, 50);
        for (int call = 0; call < 10_000; call++) {
            dots.add(new CallRecord(call, Kind.GRPC, 1_000, "id", call % 1_000 == 0 ? Reply.failed("lost") : ANSWERED));
        }

        assertThat(dots.all()).filteredOn(dot -> dot.mark() == Mark.LOST).hasSize(10);
        assertThat(dots.all())
                .filteredOn(dot -> dot.mark() == Mark.ORDINARY)
                .hasSizeBetween(50, 100)
                .anyMatch(dot -> dot.dueMicros() < 1_000)
                .anyMatch(dot -> dot.dueMicros() > 9_000);
        assertThat(dots.unkept().ordinary()).isEqualTo(9_990 - (dots.all().size() - 10));
        assertThat(dots.unkept().unusual()).isZero();
    }

    @Test
    void endlessFailure_isBoundedToo_andCounted() {
        KeptDots dots = new KeptDots(100, 50);
        for (int call = 0; call < 200; call++) {
            dots.add(new CallRecord(call, Kind.GRPC, 1_000, "id", Reply.failed("lost")));
        }

        assertThat(dots.all()).hasSize(50);
        assertThat(dots.unkept()).isEqualTo(new Timeline.Unkept(0, 150));
    }

    @Test
    void marks_followFromTheReply() {
        assertThat(mark(1_000, ANSWERED)).isEqualTo(Mark.ORDINARY);
        assertThat(mark(100_001, ANSWERED)).isEqualTo(Mark.SLOW);
        assertThat(mark(1_000, new Reply("", "a", "g", 2, ""))).isEqualTo(Mark.MOVED);
        assertThat(mark(1_000, new Reply("", "a", "g", 2, "secondary"))).isEqualTo(Mark.FALLBACK);
        assertThat(mark(1_000, Reply.failed("UNAVAILABLE: x"))).isEqualTo(Mark.LOST);
        assertThat(CallDots.of(
                                new CallRecord(0, Kind.HTTP, 31_200, "id", new Reply("", "a", "g", 2, "")),
                                failed -> Mark.LOST)
                        .details())
                .isEqualTo("HTTP id, 31.2 ms, a < g, 2 x");
    }

    private static Mark mark(long latency, Reply reply) {
        return CallDots.of(new CallRecord(0, Kind.GRPC, latency, "id", reply), failed -> Mark.LOST)
                .mark();
    }
}
