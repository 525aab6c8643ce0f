package io.middleware.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PriorityShareTest {

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3, 0.33, 0.9, 1})
    void ofRandomIds_thatShareKeepsItsPriority(double critical) {
        PriorityShare share = new PriorityShare(critical);
        Random random = new Random(1);
        long kept = LongStream.range(0, 10_000)
                .filter(i -> share.keeps(HexFormat.of().toHexDigits(random.nextLong())))
                .count();

        assertThat(kept / 10_000.0).isCloseTo(critical, within(0.02));
    }

    @Test
    void summary_hasALineOfEach() {
        Summary summary = new Summary(new PriorityShare(0.5));
        summary.add(new CallRecord(0, Kind.GRPC, 1_000, "0000000000000001", new Reply("", "i", "g", 1, "")));
        summary.add(new CallRecord(0, Kind.GRPC, 1_000, "ffffffffffffffff", Reply.failed("RESOURCE_EXHAUSTED: full")));
        summary.add(new CallRecord(0, Kind.GRPC, 1_000, "fffffffffffffffe", new Reply("", "i", "g", 1, "")));

        assertThat(summary.table())
                .extracting(row -> row.subList(0, 3))
                .contains(List.of("GRPC", "3", "1"), List.of("kept", "1", "0"), List.of("shed", "2", "1"));
    }
}
