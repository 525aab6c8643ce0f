package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Systems that break their word: each must break the rule that its lie is about, and the call must be shown. */
class SabotageIT {

    private final Stack stack = new Stack();

    @BeforeEach
    @AfterEach
    void nothingRuns() {
        assumeTrue(Stack.MODE == RunMode.LOCAL, "only processes lie");
        stack.runs("down");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            retry-all            | 25 | A call without a key ran [0-9]+ times                                          | without a key
            forget-tried         | 25 | A call without a key ran [0-9]+ times                                          | without a key
            lie-unsent           | 25 | A caller was told that its call was not executed, but it was.              | told that it was not executed
            doubt-unsent         |  8 | A caller was told that its call may have run, but no server was tried.     | told that it may have run
            drop-key             |  8 | Calls with one key ran [0-9]+ times                                            | without a key
            drop-key-on-retry    | 25 | Calls with one key ran [0-9]+ times                                            | with the key prove-
            another-response     |  8 | Calls with one key got different responses.                                | marked as a replay
            run-unasked          |  8 | A server executed what nobody asked for.                                   | -ghost
            answer-before-commit | 25 | A caller was told that its call succeeded, but no server has it in its book. | executed nowhere
            """)
    void lie_isFound_byItsRule(String lie, int seconds, String rule, String call) {
        Shell.Result proof = stack.run(
                "prove",
                "--sabotage",
                lie,
                "--port-offset",
                Integer.toString(Stack.OFFSET),
                "--for",
                seconds + "s",
                "--seed",
                "1");

        assertThat(proof.exit()).as("%s%s", proof.out(), proof.err()).isEqualTo(1);
        assertThat(proof.err()).containsPattern(rule).contains(call).containsPattern("call prove-\\w+-\\d+[.]\\d");
    }
}
