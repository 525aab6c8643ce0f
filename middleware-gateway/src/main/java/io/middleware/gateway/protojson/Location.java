package io.middleware.gateway.protojson;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonIOException;
import java.io.IOException;

/**
 * The path from the root of a message to the field that is being translated, and its depth. Confined to one
 * translation.
 */
final class Location {
    /** The depth of messages that Protobuf's parsers accept by default. */
    static final int MAX_DEPTH = 100;

    private static final int MAX_QUOTE = 60;
    private static final Gson GSON =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    private final StringBuilder path = new StringBuilder();
    private final String root;
    private int depth = -1;

    /** {@code root}: the name of the root in an error. */
    Location(String root) {
        this.root = root;
    }

    /** Enters a field of the message; returns the argument for {@link #back}. */
    int field(String name) {
        int before = path.length();
        path.append(before == 0 ? "" : ".").append(name);
        return before;
    }

    /** Enters an element of a repeated field. */
    int element(int index) {
        int before = path.length();
        path.append('[').append(index).append(']');
        return before;
    }

    /** Enters an entry of a map. */
    int entry(String key) {
        int before = path.length();
        path.append('[').append(cut(key)).append(']');
        return before;
    }

    void back(int before) {
        path.setLength(before);
    }

    void enterMessage() {
        if (++depth > MAX_DEPTH) {
            throw new ProtoJsonException(
                    root + " is nested too deep (expected: at most " + MAX_DEPTH + " messages in each other)");
        }
    }

    void leaveMessage() {
        depth--;
    }

    @Override
    public String toString() {
        return path.isEmpty() ? root : "field " + path;
    }

    /** Returns the path of a field in the message that is being translated. */
    String of(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    ProtoJsonException wrong(String what) {
        return new ProtoJsonException(this + ": " + what);
    }

    ProtoJsonException unlike(JsonElement value, String expected) {
        return wrong(quote(value) + " (expected: " + expected + ")");
    }

    /** Returns the beginning of the value's JSON. */
    private static String quote(JsonElement value) {
        StringBuilder text = new StringBuilder();
        try {
            GSON.toJson(value, new Appendable() {
                @Override
                public Appendable append(CharSequence more) throws IOException {
                    return append(more, 0, more.length());
                }

                @Override
                public Appendable append(CharSequence more, int start, int end) throws IOException {
                    text.append(more, start, Math.min(end, start + MAX_QUOTE + 1));
                    return full();
                }

                @Override
                public Appendable append(char more) throws IOException {
                    text.append(more);
                    return full();
                }

                private Appendable full() throws IOException {
                    if (text.length() > MAX_QUOTE) {
                        throw new IOException("enough");
                    }
                    return this;
                }
            });
        } catch (JsonIOException enough) {
            // cut below
        }
        return cut(text.toString());
    }

    private static String cut(String text) {
        if (text.length() <= MAX_QUOTE) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_QUOTE - 1)) ? MAX_QUOTE - 1 : MAX_QUOTE;
        return text.substring(0, end) + "...";
    }
}
