package io.middleware.gateway.tap;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.middleware.gateway.protojson.MessageWriter;
import io.middleware.gateway.protojson.ProtoJsonException;
import io.middleware.gateway.schema.Method;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Writes captured messages as JSON, without what their types mark as secret. What cannot be shown is a text that says why. */
final class MessageJson {
    /** Of one direction of a call. */
    private static final int MOST_MESSAGES = 10;

    private static final int MOST_UNZIPPED = 16 << 10;
    private static final int FRAME_HEAD = 5;

    private final Function<String, @Nullable Method> methods;

    /** The messages of one call, each a value of JSON. */
    record Shown(JsonArray requests, JsonArray responses) {}

    /** {@code methods}: by {@code /package.Service/Method}; null for one that is not described. */
    MessageJson(Function<String, @Nullable Method> methods) {
        this.methods = methods;
    }

    Shown of(String path, CapturedMessages captured) {
        Method method = methods.apply(path);
        return method == null
                ? new Shown(hidden(captured.requests(), path), hidden(captured.responses(), path))
                : new Shown(
                        shown(captured.requests(), method.descriptor().getInputType(), method),
                        shown(captured.responses(), method.descriptor().getOutputType(), method));
    }

    private static JsonArray hidden(CapturedMessages.Frames frames, String path) {
        JsonArray all = new JsonArray();
        if (frames.bytes().length > 0) {
            all.add(text("the messages of " + path + " are not described"));
        }
        return all;
    }

    private static JsonArray shown(CapturedMessages.Frames frames, Descriptor type, Method method) {
        JsonArray all = new JsonArray();
        ByteBuffer left = ByteBuffer.wrap(frames.bytes());
        while (left.remaining() >= FRAME_HEAD && all.size() < MOST_MESSAGES) {
            boolean compressed = left.get() != 0;
            int length = left.getInt();
            if (length < 0 || length > left.remaining()) {
                left.position(left.limit());
                all.add(text("a message of " + Integer.toUnsignedString(length) + " bytes, more than the "
                        + FirstBytes.MOST + " that are kept of a call"));
                return all;
            }
            byte[] message = new byte[length];
            left.get(message);
            all.add(shown(message, compressed ? frames.encoding() : null, compressed, type, method));
        }
        if (left.hasRemaining() || frames.cut()) {
            all.add(text("more"));
        }
        return all;
    }

    private static JsonElement shown(
            byte[] message, @Nullable String encoding, boolean compressed, Descriptor type, Method method) {
        if (compressed && !"gzip".equals(encoding)) {
            return text("compressed by " + (encoding == null ? "an encoding that was not named" : encoding));
        }
        try {
            byte[] plain = compressed ? unzipped(message) : message;
            DynamicMessage parsed =
                    DynamicMessage.parseFrom(type, plain, method.types().extensions());
            return JsonParser.parseString(
                    MessageWriter.write(Secrets.removedFrom(parsed, method.types()), method.types()));
        } catch (ProtoJsonException | InvalidProtocolBufferException unreadable) {
            return text("no " + type.getFullName() + " that can be shown: " + unreadable.getMessage());
        } catch (IOException unreadable) {
            return text("no gzip, or more than " + MOST_UNZIPPED + " bytes of it");
        }
    }

    private static byte[] unzipped(byte[] zipped) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            byte[] all = in.readNBytes(MOST_UNZIPPED + 1);
            if (all.length > MOST_UNZIPPED) {
                throw new IOException("too large");
            }
            return all;
        }
    }

    private static JsonPrimitive text(String why) {
        return new JsonPrimitive("(" + why + ")");
    }
}
