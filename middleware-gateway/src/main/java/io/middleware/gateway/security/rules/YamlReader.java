package io.middleware.gateway.security.rules;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads parts of YAML strictly: what is not expected is an error that names the line. */
final class YamlReader {
    private YamlReader() {}

    /** Returns the line of a node, from 1. */
    static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    static IllegalArgumentException wrong(Node at, String found, String expected) {
        return new IllegalArgumentException("line " + line(at) + ": " + found + " (expected: " + expected + ")");
    }

    /** Returns the values of a map by their keys, each of which is known and there once. */
    static Map<String, Node> map(Node node, String what, Set<String> keys) {
        String expected =
                what + " with " + String.join(", ", keys.stream().sorted().toList());
        if (!(node instanceof MappingNode map)) {
            throw wrong(node, "another kind of value", expected);
        }
        Map<String, Node> values = new HashMap<>();
        for (NodeTuple entry : map.getValue()) {
            String key = text(entry.getKeyNode(), "a key");
            if (!keys.contains(key)) {
                throw wrong(entry.getKeyNode(), key, expected);
            }
            if (values.put(key, entry.getValueNode()) != null) {
                throw wrong(entry.getKeyNode(), key + " twice", "each key once");
            }
        }
        return values;
    }

    static List<Node> list(Node node, String what) {
        if (node instanceof SequenceNode list) {
            return list.getValue();
        }
        throw wrong(node, "another kind of value", "a list of " + what);
    }

    static String text(Node node, String what) {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return scalar.getValue().strip();
        }
        throw wrong(node, "another kind of value", what);
    }

    static boolean isTrue(Node node) {
        return switch (text(node, "true or false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(node, text(node, ""), "true or false");
        };
    }

    /** Returns a number from {@code least} on. */
    static double number(Node node, double least) {
        String text = text(node, "a number");
        try {
            double number = Double.parseDouble(text);
            if (number >= least && number <= Integer.MAX_VALUE) {
                return number;
            }
        } catch (NumberFormatException none) {
            // said below
        }
        throw wrong(node, text, "a number, at least " + (least == (long) least ? "" + (long) least : "" + least));
    }

    static int whole(Node node) {
        double number = number(node, 1);
        if (number != Math.rint(number)) {
            throw wrong(node, text(node, ""), "a whole number");
        }
        return (int) number;
    }
}
