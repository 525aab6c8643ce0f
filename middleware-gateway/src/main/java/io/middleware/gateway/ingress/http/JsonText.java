package io.middleware.gateway.ingress.http;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;

/** JSON as RFC 8259 has it; the parser below the transcoder would take more, and would not see what follows the value. */
final class JsonText {
    private static final Pattern PLACE = Pattern.compile(" at line \\d+ column \\d+");

    private JsonText() {
    }

    /** The text of a body; refused where it is not UTF-8. */
    static String utf8(byte[] body) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw ConnectError.invalidArgument("the body is not valid UTF-8 (expected: JSON in UTF-8)");
        }
    }

    /** Refuses what is not exactly one value. */
    static void check(String json) {
        try (JsonReader reader = strict(json)) {
            do {
                switch (reader.peek()) {
                    case BEGIN_OBJECT -> reader.beginObject();
                    case END_OBJECT -> reader.endObject();
                    case BEGIN_ARRAY -> reader.beginArray();
                    case END_ARRAY -> reader.endArray();
                    case NAME -> reader.nextName();
                    case STRING -> reader.nextString();
                    default -> reader.skipValue();
                }
            } while (reader.peek() != JsonToken.END_DOCUMENT);
        } catch (IOException malformed) {
            throw refusal(malformed);
        }
    }

    /** The value of a text that {@link #check} has passed. */
    static JsonElement parse(String json) {
        try (JsonReader reader = strict(json)) {
            return JsonParser.parseReader(reader);
        } catch (IOException malformed) {
            throw refusal(malformed);
        } catch (JsonParseException malformed) {
            throw malformed.getCause() instanceof IOException cause ? refusal(cause)
                    : ConnectError.invalidArgument("the body is not JSON");
        }
    }

    private static JsonReader strict(String json) {
        JsonReader reader = new JsonReader(new StringReader(json));
        reader.setStrictness(Strictness.STRICT);
        return reader;
    }

    /** Of the parser's message only what concerns the text: the place. */
    private static Refusal refusal(IOException malformed) {
        String message = String.valueOf(malformed.getMessage());
        Matcher place = PLACE.matcher(message);
        String where = place.find() ? place.group() : "";
        String what = message.startsWith("Nesting limit") ? "nested too deep"
                : malformed instanceof MalformedJsonException ? "not JSON" : "cut short";
        return ConnectError.invalidArgument("the body is " + what + where + " (expected: one JSON value)");
    }
}
