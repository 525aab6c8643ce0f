package io.middleware.gateway.protojson;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.ToNumberPolicy;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads JSON by RFC 8259 and I-JSON (RFC 7493): one value, in UTF-8 without a byte order mark, with whole characters
 * and no name twice in an object. A {@link ProtoJsonException} says what is wrong with any other text, and where.
 */
public final class JsonText {
    private static final Pattern PLACE = Pattern.compile(" at line \\d+ column \\d+");

    private JsonText() {}

    /** Returns the text of a body. */
    public static String utf8(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ProtoJsonException("the body is not valid UTF-8 (expected: JSON in UTF-8)");
        }
    }

    /** Returns the value of the text. */
    public static JsonElement parse(String json) {
        if (json.startsWith("\ufeff")) {
            throw new ProtoJsonException(
                    "the body begins with a byte order mark (expected: JSON in UTF-8 without one)");
        }
        try (JsonReader reader = new JsonReader(new StringReader(json))) {
            reader.setStrictness(Strictness.STRICT);
            JsonElement value = value(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedJsonException("more than one value");
            }
            return value;
        } catch (IOException malformed) {
            throw malformed(malformed);
        }
    }

    private static JsonElement value(JsonReader reader) throws IOException {
        return switch (reader.peek()) {
            case BEGIN_OBJECT -> object(reader);
            case BEGIN_ARRAY -> array(reader);
            case STRING -> string(reader);
            case NUMBER -> new JsonPrimitive(ToNumberPolicy.LAZILY_PARSED_NUMBER.readNumber(reader));
            case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
            case NULL -> {
                reader.nextNull();
                yield JsonNull.INSTANCE;
            }
            case END_OBJECT, END_ARRAY, NAME, END_DOCUMENT -> throw new MalformedJsonException("no value");
        };
    }

    private static JsonObject object(JsonReader reader) throws IOException {
        JsonObject object = new JsonObject();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (!isWhole(name)) {
                throw half("a name in " + place(reader.getPreviousPath()));
            }
            if (object.has(name)) {
                throw new ProtoJsonException(place(reader.getPath()) + " is given twice (expected: once)");
            }
            object.add(name, value(reader));
        }
        reader.endObject();
        return object;
    }

    private static JsonArray array(JsonReader reader) throws IOException {
        JsonArray array = new JsonArray();
        reader.beginArray();
        while (reader.hasNext()) {
            array.add(value(reader));
        }
        reader.endArray();
        return array;
    }

    private static JsonPrimitive string(JsonReader reader) throws IOException {
        String text = reader.nextString();
        if (!isWhole(text)) {
            throw half(place(reader.getPreviousPath()));
        }
        return new JsonPrimitive(text);
    }

    /** Whether each surrogate is part of a pair. Half a pair is not a character and has no UTF-8. */
    private static boolean isWhole(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c) || ++i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static ProtoJsonException half(String where) {
        return new ProtoJsonException(where + ": half of a surrogate pair (expected: whole characters)");
    }

    /** {@code path}: as the reader writes it, which begins with {@code $}. */
    private static String place(String path) {
        return path.startsWith("$.") ? "field " + path.substring(2) : "the body";
    }

    /** Keeps only the place of the parser's message: the rest is about the parser. */
    private static ProtoJsonException malformed(IOException malformed) {
        String message = String.valueOf(malformed.getMessage());
        Matcher place = PLACE.matcher(message);
        String where = place.find() ? place.group() : "";
        String what = message.startsWith("Nesting limit")
                ? "nested too deep"
                : malformed instanceof MalformedJsonException ? "not JSON" : "cut short";
        return new ProtoJsonException("the body is " + what + where + " (expected: one JSON value)");
    }
}
