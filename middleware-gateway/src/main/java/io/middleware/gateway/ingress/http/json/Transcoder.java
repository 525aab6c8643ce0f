package io.middleware.gateway.ingress.http.json;

import com.google.gson.JsonElement;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.middleware.gateway.protojson.FlatFields;
import io.middleware.gateway.protojson.FlatWriter;
import io.middleware.gateway.protojson.JsonText;
import io.middleware.gateway.protojson.KnownTypes;
import io.middleware.gateway.protojson.MessageReader;
import io.middleware.gateway.protojson.MessageWriter;
import io.middleware.gateway.protojson.ProtoJsonException;
import io.middleware.gateway.schema.MessageFrames;
import io.middleware.gateway.schema.Method;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Turns JSON into the request message of one method, and its response message into JSON, by Protobuf's JSON mapping
 * with its defaults. An unknown field is an error: a misspelt name would otherwise silently become a default value.
 * Fields of the response with their default value are left out. Throws a {@link ProtoJsonException} for whatever cannot
 * be translated.
 */
public final class Transcoder {
    private final Descriptor request;
    private final Descriptor reply;
    private final KnownTypes types;
    /** Null if no response is simple. */
    private final @Nullable FlatFields flat;

    private final boolean boxed;

    public Transcoder(Method method) {
        request = method.descriptor().getInputType();
        reply = method.descriptor().getOutputType();
        types = method.types();
        flat = FlatFields.of(reply);
        boxed = JsonWeight.isBoxed(request);
    }

    /** Returns the bytes of heap that it takes to turn the text into a message. */
    public long weight(byte[] json) {
        return JsonWeight.of(json, boxed);
    }

    /** Returns the bytes of heap that it takes to turn the response message into text. */
    public long replyWeight(byte[] message) {
        return ReplyWeight.of(message, reply);
    }

    public Descriptor request() {
        return request;
    }

    public Descriptor reply() {
        return reply;
    }

    /** Returns the framed message of a text. */
    public ByteBuf toMessage(String json) {
        return toMessage(JsonText.parse(json));
    }

    /** Returns the framed message of a value. */
    public ByteBuf toMessage(JsonElement value) {
        return MessageFrames.frame(MessageReader.read(value, request, types));
    }

    /** Returns the framed message of a value, merged with {@code more}. */
    public ByteBuf toMessage(JsonElement value, Message more) {
        return MessageFrames.frame(MessageReader.read(value, request, types).toBuilder()
                .mergeFrom(more)
                .build());
    }

    /** Returns the response message as JSON. {@code numericEnums}: enums are numbers instead of names. */
    public byte[] toJson(byte[] message, boolean numericEnums) {
        byte[] simple = flat == null ? null : FlatWriter.write(flat, message, numericEnums);
        return simple != null ? simple : utf8(MessageWriter.write(parse(message), types, numericEnums));
    }

    /** Returns one field of the response message as JSON, even if it has its default value. */
    public byte[] toJson(byte[] message, FieldDescriptor field, boolean numericEnums) {
        return utf8(MessageWriter.write(parse(message), field, types, numericEnums));
    }

    public Message parse(byte[] bytes) {
        try {
            Message message = DynamicMessage.newBuilder(reply)
                    .mergeFrom(bytes, types.extensions())
                    .buildPartial();
            if (!message.isInitialized()) {
                throw new ProtoJsonException(
                        "field " + message.findInitializationErrors().getFirst()
                                + " is missing (expected: a value, as it is required)");
            }
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw new ProtoJsonException("its bytes are no such message: " + e.getMessage());
        }
    }

    private static byte[] utf8(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
