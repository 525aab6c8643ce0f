package io.middleware.core;

import java.util.ArrayList;
import java.util.List;

/** Headers with a status, words on it, and lines of the form {@code name: value}. */
record TestHeaders(Code code, String message, List<String> lines) implements Headers {
    static final TestHeaders NONE = new TestHeaders(Code.UNKNOWN);

    TestHeaders(Code code) {
        this(code, "");
    }

    TestHeaders(Code code, String message) {
        this(code, message, List.of());
    }

    static TestHeaders of(String... lines) {
        return new TestHeaders(Code.UNKNOWN, "", List.of(lines));
    }

    @Override
    public CharSequence get(CharSequence name) {
        return all(name).stream().findFirst().orElse(null);
    }

    @Override
    public List<String> all(CharSequence name) {
        String start = name + ": ";
        return lines.stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .toList();
    }

    @Override
    public Headers copy() {
        return new TestHeaders(code, message, new ArrayList<>(lines));
    }
}
