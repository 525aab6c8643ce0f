package io.middleware.chaos.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StackSizeTest {

    @Test
    void usualStack_isTakenAndDiffersInNothing() {
        StackSize size = StackSize.of(FakeStack.parts(), "2ms");

        assertThatCode(() -> size.require(2, 3, 1)).doesNotThrowAnyException();
        assertThat(size.differences()).isEmpty();
    }

    @Test
    void stackInWhichCallsHaveToBeLost_isRefusedWithWhatIsExpected() {
        assertThatThrownBy(() -> new StackSize(1, 3, 1, "2ms").require(2, 3, 1))
                .hasMessageContaining(
                        "at least 2 gateways, 3 primaries and 1 secondary; there are 1 gateway, 3 primaries and 1 secondary.");
        assertThatThrownBy(() -> new StackSize(2, 3, 0, "2ms").require(2, 3, 1)).hasMessageContaining("0 secondaries");
        assertThatThrownBy(() -> new StackSize(2, 2, 1, "2ms").require(2, 3, 1)).hasMessageContaining("2 primaries");
    }

    @Test
    void stackThatIsOtherThanUsual_isReported() {
        StackSize size = new StackSize(2, 5, 1, "");

        assertThatCode(() -> size.require(2, 3, 1)).doesNotThrowAnyException();
        assertThat(size.differences())
                .containsExactly("5 primaries instead of 3 primaries", "HELLO_WORK=0ms instead of HELLO_WORK=2ms");
    }
}
