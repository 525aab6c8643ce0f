package io.middleware.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CallRecordTest {

    @Test
    void line_isReadAsItWasWritten() {
        CallRecord answered = new CallRecord(
                1_700_000_000_000_000L,
                Kind.HTTP,
                2_345,
                "id-1",
                new Reply("", "hello-service-1", "gateway-2", 2, "secondary"));
        CallRecord lost = new CallRecord(5, Kind.SIGN, 7, "id-2", Reply.failed("UNAVAILABLE: gone"));

        assertThat(CallRecord.parse(answered.toString())).isEqualTo(answered);
        assertThat(CallRecord.parse(lost.toString())).isEqualTo(lost);
    }

    @Test
    void errorsOfSeveralLines_stayOnOne() {
        CallRecord lost = new CallRecord(5, Kind.GRPC, 7, "id", Reply.failed("one\ntwo\tthree"));

        assertThat(lost.toString()).doesNotContain("\n");
        assertThat(CallRecord.parse(lost.toString()).reply().error()).isEqualTo("one two three");
    }

    @Test
    void otherLines_areRefused() {
        assertThatThrownBy(() -> CallRecord.parse("Hello"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected 9 fields");
    }
}
