package io.middleware.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {

    @Test
    void usualStack_isTakenAndDiffersInNothing() {
        Shape shape = Shape.of(FakeStack.parts(), "2ms");

        assertThatCode(() -> shape.require(2, 3, 1)).doesNotThrowAnyException();
        assertThat(shape.differences()).isEmpty();
    }

    @Test
    void stackInWhichCallsHaveToBeLost_isRefusedWithWhatIsExpected() {
        assertThatThrownBy(() -> new Shape(1, 3, 1, "2ms").require(2, 3, 1))
                .hasMessageContaining(
                        "at least 2 gateways, 3 primaries and 1 secondary; there are 1 gateway, 3 primaries and 1 secondary.");
        assertThatThrownBy(() -> new Shape(2, 3, 0, "2ms").require(2, 3, 1)).hasMessageContaining("0 secondaries");
        assertThatThrownBy(() -> new Shape(2, 2, 1, "2ms").require(2, 3, 1)).hasMessageContaining("2 primaries");
    }

    @Test
    void stackThatIsOtherThanUsual_isTold() {
        Shape shape = new Shape(2, 5, 1, "");

        assertThatCode(() -> shape.require(2, 3, 1)).doesNotThrowAnyException();
        assertThat(shape.differences())
                .containsExactly("5 primaries instead of 3 primaries", "HELLO_WORK=0ms instead of HELLO_WORK=2ms");
    }
}
