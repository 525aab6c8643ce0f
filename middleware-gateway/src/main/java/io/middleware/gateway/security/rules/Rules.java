package io.middleware.gateway.security.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All rules in their order. Immutable. What none of them matches is denied. */
public final class Rules {
    private final List<Rule> rules;

    private Rules(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** @throws IllegalArgumentException if it is no file of rules; the message names the line and what was expected */
    public static Rules parse(String text) {
        return new Rules(RulesParser.parse(text));
    }

    /** Returns the rule that decides; null if there is none, so that the call is denied. */
    public @Nullable Rule find(String caller, String method) {
        for (Rule rule : rules) {
            if (rule.matches(caller, method)) {
                return rule;
            }
        }
        return null;
    }

    public int size() {
        return rules.size();
    }

    /**
     * What is wrong with the methods that are named.
     *
     * @param unknown methods that services which are known do not have
     * @param awaited services that nobody knows (yet)
     */
    public record Review(List<String> unknown, Set<String> awaited) {}

    /**
     * Compares the methods that are named exactly with those there are.
     *
     * @param services full names of those whose methods are known
     * @param methods  as {@code package.Service/Method}
     */
    public Review review(Set<String> services, Set<String> methods) {
        List<String> unknown = new ArrayList<>();
        Set<String> awaited = new java.util.TreeSet<>();
        for (Rule rule : rules) {
            for (Pattern pattern : rule.methods()) {
                int slash = pattern.text().indexOf('/');
                String service = slash < 0 ? "" : pattern.text().substring(0, slash);
                if (slash < 0) {
                    continue;
                }
                if (!services.contains(service)) {
                    awaited.add(service);
                } else if (methods.stream().noneMatch(pattern::matches)) {
                    unknown.add("line " + rule.line() + ": " + pattern.text() + (pattern.prefix() ? "*" : "")
                            + " (expected: a method of " + service + ")");
                }
            }
        }
        return new Review(unknown, awaited);
    }
}
