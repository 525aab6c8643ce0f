package io.middleware.gateway.ingress.http.json;

import com.google.gson.JsonElement;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.middleware.gateway.protojson.JsonText;
import io.middleware.gateway.protojson.KnownTypes;
import io.middleware.gateway.protojson.MessageReader;
import io.middleware.gateway.protojson.MessageWriter;
import io.middleware.gateway.protojson.ProtoJsonException;
import io.middleware.gateway.schema.MessageFrames;
import io.middleware.gateway.schema.Method;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Turns JSON into the request message of one method and the reply into JSON, by Protobuf's JSON mapping. As the mapping has it by
 * default, a field that the message does not have is an error (a misspelt name would else be a default value, and its sender none
 * the wiser), and fields of the reply that have their default value are left out. What cannot be translated is a
 * {@link ProtoJsonException}.
 */
public final class Transcoder {
    private final Descriptor request;
    private final Descriptor reply;
    private final KnownTypes types;
    private final boolean boxed;

    public Transcoder(Method method) {
        request = method.descriptor().getInputType();
        reply = method.descriptor().getOutputType();
        types = method.types();
        boxed = JsonWeight.isBoxed(request);
    }

    /** Returns bytes of heap that it takes to make a message of the text. */
    public long weight(byte[] json) {
        return JsonWeight.of(json, boxed);
    }

    /** Returns bytes of heap that it takes to make a text of the reply. */
    public long replyWeight(byte[] message) {
        return ReplyWeight.of(message, reply);
    }

    public Descriptor request() {
        return request;
    }

    public Descriptor reply() {
        return reply;
    }

    /** The framed message of a text from outside. */
    public ByteBuf toMessage(String json) {
        return toMessage(JsonText.parse(json));
    }

    /** The framed message of a value. */
    public ByteBuf toMessage(JsonElement value) {
        return MessageFrames.frame(MessageReader.read(value, request, types));
    }

    /** The same, with what {@code more} has besides. */
    public ByteBuf toMessage(JsonElement value, Message more) {
        return MessageFrames.frame(MessageReader.read(value, request, types).toBuilder()
                .mergeFrom(more)
                .build());
    }

    /** The reply as JSON. {@code numericEnums}: by their numbers and not by their names. */
    public byte[] toJson(byte[] message, boolean numericEnums) {
        return utf8(MessageWriter.write(parse(message), types, numericEnums));
    }

    /** One field of the reply as JSON, its default value included. */
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
