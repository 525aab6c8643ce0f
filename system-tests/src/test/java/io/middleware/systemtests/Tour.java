package io.middleware.systemtests;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of commands in shell blocks, each followed by what it prints, if the page shows that. */
record Tour(Document page, List<Step> steps) {

    private static final Pattern LANGUAGE = Pattern.compile(" --lang pt");

    /**
     * Commands and the lines that they print.
     *
     * @param printed in this order, maybe with others between; {@code …} stands for any text, alone for any lines
     */
    record Step(String commands, List<String> printed) {

        /** The commands as in English. */
        String untranslated() {
            return LANGUAGE.matcher(commands).replaceAll("");
        }

        /** Returns the lines that the output lacks, beginning with the first that is not found. */
        List<String> missingIn(String output) {
            List<String> left = new ArrayList<>(printed);
            left.removeIf("…"::equals);
            output.lines().map(String::strip).forEach(line -> {
                if (!left.isEmpty() && matches(left.getFirst()).test(line)) {
                    left.removeFirst();
                }
            });
            return left;
        }

        private static Predicate<String> matches(String shown) {
            return Pattern.compile(Stream.of(shown.split("…", -1))
                            .map(Pattern::quote)
                            .reduce((one, next) -> one + ".*" + next)
                            .orElseThrow())
                    .asMatchPredicate();
        }
    }

    /** {@code file} is a path from the root of the repository. */
    static Tour read(String file) {
        Document page = Document.read(file);
        List<Step> steps = new ArrayList<>();
        String fence = "";
        List<String> block = new ArrayList<>();
        for (String line : page.lines()) {
            if (!line.startsWith("```")) {
                block.add(line);
                continue;
            }
            if (fence.equals("sh")) {
                steps.add(new Step(String.join("\n", block), List.of()));
            } else if (fence.equals("text")) {
                Step step = steps.removeLast();
                steps.add(new Step(
                        step.commands(), block.stream().map(String::strip).toList()));
            }
            fence = fence.isEmpty() ? line.substring(3) : "";
            block.clear();
        }
        return new Tour(page, List.copyOf(steps));
    }

    /** Returns the steps as English readers run them. */
    List<String> untranslated() {
        return steps.stream().map(Step::untranslated).toList();
    }
}
