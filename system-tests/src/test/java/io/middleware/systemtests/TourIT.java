package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs each command of the tour and of the exercises, and compares what it prints with both pages. Commands that differ by language, which
 * only read, run in both.
 */
@ExtendWith(RunningStack.class)
class TourIT {

    private static final Pattern PORT = Pattern.compile("(?<=localhost:|127\\.0\\.0\\.1[:/])(8080|9090|8500|8600)\\b");

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
        Map<String, String> environment = new HashMap<>(stack.environment());
        environment.put("LC_ALL", "C.UTF-8");
        List<Tour.Step> english = Tour.read("docs/" + name + ".md").steps();
        List<Tour.Step> portuguese = Tour.read("docs/" + name + ".pt-BR.md").steps();
        List<String> wrong = new ArrayList<>();
        for (int each = 0; each < english.size(); each++) {
            Tour.Step step = english.get(each);
            Tour.Step translated = portuguese.get(each);
            Shell.Result result = run(step, environment);
            compare(step, result, wrong);
            boolean same = translated.commands().equals(step.commands());
            compare(translated, same ? result : run(translated, environment), wrong);
        }

        assertThat(wrong).isEmpty();
    }

    private static Shell.Result run(Tour.Step step, Map<String, String> environment) {
        Shell.Result result = Shell.run(environment, List.of("bash", "-c", atOffset(step.commands())));
        System.out.println("Tour, " + result.took().toMillis() + " ms: " + step.commands());
        return result;
    }

    private static void compare(Tour.Step step, Shell.Result result, List<String> wrong) {
        Tour.Step here = new Tour.Step(
                step.commands(), step.printed().stream().map(TourIT::atOffset).toList());
        List<String> missing = here.missingIn(result.out());
        if (result.exit() != 0 || !missing.isEmpty()) {
            wrong.add("%s%n  exit status %d, not printed: %s, but:%n%s%s"
                    .formatted(step.commands(), result.exit(), missing, result.out(), result.err()));
        }
    }

    private static String atOffset(String text) {
        return PORT.matcher(text)
                .replaceAll((MatchResult port) -> Integer.toString(Integer.parseInt(port.group()) + Stack.OFFSET));
    }
}
