package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each command of the tour and of the exercises prints what both pages show. */
@ExtendWith(RunningStack.class)
class TourIT {

    private final Stack stack;

    TourIT(Stack stack) {
        this.stack = stack;
    }

    @BeforeEach
    void everythingRuns() {
        stack.up();
    }

    /** Pages may leave more parts than there were. The next class starts its own stack. */
    @AfterAll
    static void nothingRuns() {
        new Stack().runs("down");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tour", "exercises"})
    void eachCommand_printsWhatThePagesShow(String name) {
        assertThat(new PageRun(name, stack, UnaryOperator.identity()).differences())
                .isEmpty();
    }
}
