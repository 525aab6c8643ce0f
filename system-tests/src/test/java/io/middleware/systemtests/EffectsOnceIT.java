package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each command of the page on effects once prints what the page shows, in both languages. */
@ExtendWith(RunningStack.class)
class EffectsOnceIT {

    private final Stack stack;

    EffectsOnceIT(Stack stack) {
        this.stack = stack;
    }

    /** The page leaves a stack that records what it executes. */
    @AfterEach
    void nothingRuns() {
        stack.runs("down");
    }

    @Test
    void eachCommand_printsWhatThePagesShow() {
        assertThat(new PageRun("effects-once", stack, EffectsOnceIT::ofTheTests).differences())
                .isEmpty();
    }

    /** Stacks are started beside a user's, and the proof is shorter. */
    private static String ofTheTests(String commands) {
        String own = "$0 " + Stack.MODE.flag() + " --port-offset " + Stack.OFFSET;
        // what a program says of itself goes to the standard error
        return "exec 2>&1\n" + commands.replaceAll("[.]/stack (up|prove)", own).replace("--for 60s", "--for 20s");
    }
}
