package io.middleware.systemtests;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Runs each command of a page, and compares what it prints with the page in both languages. Commands that differ by language, which only
 * read, run in both.
 */
final class PageRun {
    private static final Pattern PORT = Pattern.compile("(?<=localhost:|127\\.0\\.0\\.1[:/])(8080|9090|8500|8600)\\b");

    private final String name;
    private final Map<String, String> environment;
    private final UnaryOperator<String> change;

    /** {@code change}: makes commands those of a stack of the tests' own. Ports are moved anyway. */
    PageRun(String name, Stack stack, UnaryOperator<String> change) {
        this.name = name;
        this.environment = new HashMap<>(stack.environment());
        this.environment.put("LC_ALL", "C.UTF-8");
        this.change = change;
    }

    /** Returns a text about each command that failed, or did not print what the pages show. */
    List<String> differences() {
        List<Tour.Step> english = Tour.read("docs/" + name + ".md").steps();
        List<Tour.Step> portuguese = Tour.read("docs/" + name + ".pt-BR.md").steps();
        List<String> wrong = new ArrayList<>();
        for (int each = 0; each < english.size(); each++) {
            Tour.Step step = english.get(each);
            Tour.Step translated = portuguese.get(each);
            Shell.Result result = run(step);
            compare(step, result, wrong);
            boolean same = translated.commands().equals(step.commands());
            compare(translated, same ? result : run(translated), wrong);
        }
        return wrong;
    }

    private Shell.Result run(Tour.Step step) {
        String commands = change.apply(atOffset(step.commands()));
        Shell.Result result = Shell.run(environment, List.of("bash", "-c", commands));
        System.out.println(name + ", " + result.took().toMillis() + " ms: " + step.commands());
        return result;
    }

    private static void compare(Tour.Step step, Shell.Result result, List<String> wrong) {
        Tour.Step here = new Tour.Step(
                step.commands(), step.printed().stream().map(PageRun::atOffset).toList());
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
