package io.middleware.gateway.ingress.http.route;

import com.google.api.HttpRule;
import io.middleware.gateway.headers.Percent;
import io.middleware.gateway.openapi.RestMapping;
import io.middleware.gateway.schema.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A path with variables, as {@code google.api.http} writes them:
 *
 * <pre>
 * template = "/" [ segments [ ":" verb ] ]
 * segments = segment { "/" segment }
 * segment  = "*" | "**" | literal | "{" field path [ "=" segments ] "}"
 * </pre>
 *
 * {@code *} stands for one segment that is not empty, {@code **} for any number of them, at the end only.
 * Templates order themselves so that the more specific of two that match comes first: literal before {@code *} before
 * the end before {@code **}, from left to right. A template with a verb comes before all without, whose last segment
 * would take the verb.
 */
final class PathTemplate implements Comparable<PathTemplate> {
    private static final String ONE = "*";
    private static final String REST = "**";

    private final String text;
    private final List<String> segments;
    private final List<Variable> variables;
    private final @Nullable String verb;
    private final String prefix;

    /**
     * A variable takes the segments from {@code from} up to, not including, {@code to}, a {@code **} counted as one.
     */
    record Variable(String fieldPath, int from, int to) {}

    PathTemplate(String text, List<String> segments, List<Variable> variables, @Nullable String verb) {
        this.text = text;
        this.segments = segments.stream().map(PathTemplate::canonical).toList();
        this.variables = List.copyOf(variables);
        this.verb = verb == null ? null : canonical(verb);
        String literal = this.segments.stream()
                .takeWhile(segment -> rank(segment) == 0)
                .map(segment -> "/" + segment)
                .collect(Collectors.joining());
        this.prefix = literal.isEmpty() ? "/" : literal;
    }

    /** Parses a template; an error says what is wrong, and where. */
    static PathTemplate parse(String text) {
        return new PathTemplateParser(text).parse();
    }

    /** Returns the template without its variables: equal for templates that match exactly the same paths. */
    String shape() {
        return "/" + String.join("/", segments) + (verb == null ? "" : ":" + verb);
    }

    List<Variable> variables() {
        return variables;
    }

    /**
     * Returns the decoded values of the variables by field path; null if the path does not match.
     *
     * @param path in its canonical form, still percent-encoded
     * @throws IllegalArgumentException if a variable's value is not percent-encoded UTF-8
     */
    @Nullable
    Map<String, String> match(String path) {
        if (!path.startsWith(prefix) || verb != null && !path.endsWith(":" + verb)) {
            return null;
        }
        String bare = verb == null ? path : path.substring(0, path.length() - verb.length() - 1);
        List<String> parts = List.of(bare.substring(1).split("/", -1));
        boolean open = segments.getLast().equals(REST);
        int fixed = open ? segments.size() - 1 : segments.size();
        if (open ? parts.size() < fixed : parts.size() != fixed) {
            return null;
        }
        for (int i = 0; i < fixed; i++) {
            String segment = segments.get(i);
            if (segment.equals(ONE) ? parts.get(i).isEmpty() : !segment.equals(parts.get(i))) {
                return null;
            }
        }
        return variables.isEmpty() ? Map.of() : values(parts);
    }

    private Map<String, String> values(List<String> parts) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Variable variable : variables) {
            boolean rest = segments.get(variable.to - 1).equals(REST);
            boolean several = rest || variable.to - variable.from > 1;
            List<String> taken = new ArrayList<>();
            for (String part : parts.subList(variable.from, rest ? parts.size() : variable.to)) {
                taken.add(Percent.decode(part, false, several));
            }
            values.put(variable.fieldPath, String.join("/", taken));
        }
        return values;
    }

    /** Returns the mapping of a rule with this template, as documents describe it. */
    RestMapping described(Method method, String httpMethod, HttpRule rule) {
        return new RestMapping(
                method,
                httpMethod,
                text,
                segments,
                variables.stream()
                        .map(variable -> new RestMapping.Variable(variable.fieldPath, variable.from, variable.to))
                        .toList(),
                verb,
                rule.getBody(),
                rule.getResponseBody());
    }

    @Override
    public int compareTo(PathTemplate other) {
        if ((verb == null) != (other.verb == null)) {
            return verb == null ? 1 : -1;
        }
        for (int i = 0; i < Math.max(segments.size(), other.segments.size()); i++) {
            int rank = Integer.compare(rankAt(i), other.rankAt(i));
            if (rank != 0) {
                return rank;
            }
        }
        return Comparator.nullsLast(Comparator.<String>naturalOrder()).compare(verb, other.verb);
    }

    private static String canonical(String literal) {
        return RequestPath.canonical(new String(literal.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    /** Returns 2 for the end, which comes before the {@code **} that takes nothing there. */
    private int rankAt(int i) {
        return i < segments.size() ? rank(segments.get(i)) : 2;
    }

    private static int rank(String segment) {
        return segment.equals(REST) ? 3 : segment.equals(ONE) ? 1 : 0;
    }

    @Override
    public String toString() {
        return text;
    }
}
