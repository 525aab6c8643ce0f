package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What {@code ./stack chaos} tells, and that it would tell if failover did not work. */
@ExtendWith(RunningStack.class)
class ChaosIT {

    private final Stack stack;

    ChaosIT(Stack stack) {
        this.stack = stack;
    }

    @AfterEach
    void everythingRunsAgain() {
        stack.up();
    }

    @Test
    void actIsPlayed_andNothingIsLost() {
        Shell.Result result = stack.run("chaos", "--act", "kill");

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.err()).contains("a server is killed", "Failover:")
                .containsPattern("[0-9,]+ calls, 0 lost, slowest .*, noticed after .*, back after ")
                .contains("Nothing was lost in ");
        assertThat(stack.run("status").exit()).as("all run again").isZero();
    }

    @Test
    void wrongUse_saysWhatIsExpected() {
        assertThat(stack.run("chaos", "--act", "earthquake").err()).contains("--act: expected one of stop, kill, freeze");
        assertThat(stack.run("chaos", "--act", "earthquake").exit()).isEqualTo(2);
        assertThat(stack.run("chaos", "--matrix", "--faults", "99").err()).contains("--faults: expected some of 1,2,3");
        assertThat(stack.run("chaos", "--list").err()).contains("freeze", "a server is frozen", "primaries", "roll");
        assertThat(stack.run("chaos", "--list", "--lang", "pt").err()).contains("freeze", "um servidor é congelado");
    }

    @Test
    void withoutFailover_theMatrixIsRed() {
        List<String> gateways = List.of("gateway-1", "gateway-2");
        stack.runs("down");
        stack.runs(Map.of("MIDDLEWARE_GATEWAY_CALLS_ATTEMPTS", "1"), "up", Stack.WAY.flag(), "--port-offset",
                Integer.toString(Stack.OFFSET));
        try {
            Shell.Result result = stack.run("chaos", "--matrix", "--short", "--faults", "4");

            assertThat(result.exit()).as(result.err()).isEqualTo(1);
            assertThat(result.err()).containsPattern("4, one answers UNAVAILABLE to all: [0-9]+ lost")
                    .contains("Something was lost or ran twice.");
            assertThat(gateways).allSatisfy(name -> assertThat(stack.state(name)).isEqualTo("running"));
        } finally {
            stack.runs("down");
        }
    }
}
