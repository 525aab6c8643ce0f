package io.middleware.starter.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "unavailable",
                "internal",
                "hang",
                "slow=200ms",
                "slow=2000ms",
                "flaky=10",
                "flaky=0",
                "flaky=100",
                "busy=4x50ms",
                "busy=1x2000ms"
            })
    void mode_isWrittenAsItIsRead(String mode) {
        assertThat(Fault.parse(" " + mode + " ")).hasToString(mode);
    }

    @Test
    void values_areUnderstood() {
        assertThat(Fault.parse("slow=2s")).isEqualTo(new Fault.Slow(Duration.ofSeconds(2)));
        assertThat(Fault.parse("flaky=15%")).isEqualTo(new Fault.Flaky(15));
        assertThat(Fault.parse("busy=4x1s")).isEqualTo(new Fault.Busy(4, Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "off",
                "slow",
                "slow=",
                "slow=soon",
                "slow=-1s",
                "slow=0ms",
                "slow=2h",
                "slow=2",
                "slow=200",
                "busy=4x50",
                "flaky=",
                "flaky=101",
                "flaky=-1",
                "flaky=x",
                "busy",
                "busy=",
                "busy=4",
                "busy=0x50ms",
                "busy=4x",
                "busy=4x0ms",
                "busy=x50ms",
                "busy=4xsoon",
                "HANG"
            })
    void anythingElse_isToldWhatIsExpected(String mode) {
        assertThatThrownBy(() -> Fault.parse(mode))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "fault: '" + mode
                                + "' (expected: none, unavailable, slow=DURATION (slow=200ms), hang, flaky=PERCENT (flaky=10), busy=CALLSxDURATION (busy=4x50ms) or internal)");
    }

    @Test
    void nothing_isToldWhatIsExpected() {
        assertThatThrownBy(() -> Fault.parse(null)).hasMessageStartingWith("fault: '' (expected: none, ");
    }
}
