package io.middleware.gateway.security.rules;

import io.middleware.core.Priority;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the file of rules. */
final class RulesParser {
    private static final java.util.regex.Pattern CALLER =
            java.util.regex.Pattern.compile("(key|jwt|mtls):[!-~]*|anonymous|\\*");
    private static final java.util.regex.Pattern METHOD = java.util.regex.Pattern.compile(
            "\\*|[A-Za-z_][\\w.]*(\\.\\*|/\\*|/[A-Za-z_]\\w*\\*?)?|dashboard|openapi|api|why|tap|faults|unknown");

    private RulesParser() {}

    /** @throws IllegalArgumentException if it is no file of rules; the message names the line and what was expected */
    static List<Rule> parse(String text) {
        Node root;
        try {
            root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
        } catch (MarkedYAMLException wrong) {
            int line =
                    wrong.getProblemMark() == null ? 0 : wrong.getProblemMark().getLine() + 1;
            throw new IllegalArgumentException("line " + line + ": " + wrong.getProblem() + " (expected: YAML)");
        } catch (YAMLException wrong) {
            throw new IllegalArgumentException("line 1: it cannot be read (expected: YAML)");
        }
        if (root == null) {
            throw new IllegalArgumentException("line 1: nothing (expected: a map with rules)");
        }
        Node rules = YamlReader.map(root, "a map", Set.of("rules")).get("rules");
        if (rules == null) {
            throw YamlReader.wrong(root, "no rules", "a map with rules");
        }
        List<Rule> read = new ArrayList<>();
        for (Node rule : YamlReader.list(rules, "rules")) {
            read.add(rule(rule));
        }
        return read;
    }

    private static Rule rule(Node node) {
        Map<String, Node> values =
                YamlReader.map(node, "a rule", Set.of("callers", "methods", "allow", "priority", "limit"));
        Node allow = needed(node, values, "allow");
        Node priority = values.get("priority");
        return new Rule(
                YamlReader.line(node),
                patterns(
                        needed(node, values, "callers"),
                        CALLER,
                        "key:NAME, jwt:SUBJECT, mtls:NAME, each with * at its end or without, anonymous, or *"),
                patterns(
                        needed(node, values, "methods"),
                        METHOD,
                        "package.Service/Method, package.Service/*, package.*, dashboard, openapi, api, why, tap,"
                                + " faults, or *"),
                YamlReader.isTrue(allow),
                priority == null ? Priority.NORMAL : priority(priority),
                limit(values.get("limit")));
    }

    private static Node needed(Node rule, Map<String, Node> values, String key) {
        Node value = values.get(key);
        if (value == null) {
            throw YamlReader.wrong(rule, "a rule without " + key, "callers, methods and allow in each rule");
        }
        return value;
    }

    private static List<Pattern> patterns(Node node, java.util.regex.Pattern form, String expected) {
        List<Node> texts = YamlReader.list(node, expected);
        if (texts.isEmpty()) {
            throw YamlReader.wrong(node, "an empty list", expected);
        }
        Function<Node, Pattern> read = text -> {
            String found = YamlReader.text(text, expected);
            if (!form.matcher(found).matches()) {
                throw YamlReader.wrong(text, found, expected);
            }
            return Pattern.of(found);
        };
        return texts.stream().map(read).toList();
    }

    private static Priority priority(Node node) {
        String text = YamlReader.text(node, "critical, normal or sheddable");
        for (Priority priority : Priority.values()) {
            if (priority.name().toLowerCase(Locale.ROOT).equals(text)) {
                return priority;
            }
        }
        throw YamlReader.wrong(node, text, "critical, normal or sheddable");
    }

    private static Rule.@Nullable Limit limit(@Nullable Node node) {
        if (node == null) {
            return null;
        }
        Map<String, Node> values = YamlReader.map(node, "a limit", Set.of("requests-per-second", "burst", "in-flight"));
        Node rate = values.get("requests-per-second");
        Node burst = values.get("burst");
        Node inFlight = values.get("in-flight");
        if (rate == null && inFlight == null || rate == null && burst != null) {
            throw YamlReader.wrong(
                    node, "a limit of nothing", "requests-per-second, with a burst or without, or in-flight");
        }
        double perSecond = rate == null ? 0 : YamlReader.number(rate, 0.001);
        return new Rule.Limit(
                perSecond,
                burst == null ? (int) Math.max(1, Math.ceil(perSecond)) : YamlReader.whole(burst),
                inFlight == null ? 0 : YamlReader.whole(inFlight));
    }
}
