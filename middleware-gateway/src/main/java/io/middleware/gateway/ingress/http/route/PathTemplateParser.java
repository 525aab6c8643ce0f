package io.middleware.gateway.ingress.http.route;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads a {@link PathTemplate}, from left to right. */
final class PathTemplateParser {
    private static final Pattern FIELD_PATH = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");

    private final String text;
    private final List<String> segments = new ArrayList<>();
    private final List<PathTemplate.Variable> variables = new ArrayList<>();
    private int at;

    PathTemplateParser(String text) {
        this.text = text;
    }

    PathTemplate parse() {
        expect('/');
        if (text.length() == 1) {
            return new PathTemplate(text, List.of(""), List.of(), null);
        }
        segments(false);
        String verb = null;
        if (at < text.length()) {
            expect(':');
            verb = literal();
        }
        if (at < text.length()) {
            throw wrong("expected: the end");
        }
        int rest = segments.indexOf("**");
        if (rest >= 0 && rest < segments.size() - 1) {
            throw wrong("expected: ** in the last place only");
        }
        return new PathTemplate(text, segments, variables, verb);
    }

    private void segments(boolean inVariable) {
        do {
            segment(inVariable);
        } while (skip('/'));
    }

    private void segment(boolean inVariable) {
        if (skip('{')) {
            if (inVariable) {
                throw wrong("expected: no variable in a variable");
            }
            variable();
        } else if (skip('*')) {
            segments.add(skip('*') ? "**" : "*");
        } else {
            segments.add(literal());
        }
    }

    private void variable() {
        int end = at;
        while (end < text.length() && "=}".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        String fieldPath = text.substring(at, end);
        if (!FIELD_PATH.matcher(fieldPath).matches()) {
            throw wrong("expected: the path of a field");
        }
        at = end;
        int from = segments.size();
        if (skip('=')) {
            segments(true);
        } else {
            segments.add("*");
        }
        expect('}');
        variables.add(new PathTemplate.Variable(fieldPath, from, segments.size()));
    }

    private String literal() {
        int end = at;
        while (end < text.length() && "/{}*:=".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        if (end == at) {
            throw wrong("expected: a literal, * or **");
        }
        String literal = text.substring(at, end);
        at = end;
        return literal;
    }

    private boolean skip(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        if (!skip(c)) {
            throw wrong("expected: " + c);
        }
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException("path template " + text + " at " + at + " (" + expected + ")");
    }
}
