package io.middleware.gateway.ingress.http;

import java.nio.charset.StandardCharsets;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;

import io.middleware.core.Code;
import io.middleware.gateway.schema.MessageFrames;
import io.middleware.gateway.schema.Method;
import io.netty.buffer.ByteBuf;

/**
 * Turns JSON into the request message of one method and the reply into JSON, by Protobuf's JSON mapping. As the mapping has it by
 * default, a field that the message does not have is an error (a misspelt name would else be a default value, and its sender none
 * the wiser), and fields of the reply that have their default value are left out.
 */
final class Transcoder {
    /** Characters; finding out what is wrong takes much longer than finding out that something is. */
    private static final int LONGEST_EXPLAINED = 64 << 10;

    private final Descriptor request;
    private final Descriptor reply;
    private final JsonFormat.Parser parser;
    private final JsonFormat.Printer printer;

    Transcoder(Method method) {
        request = method.descriptor().getInputType();
        reply = method.descriptor().getOutputType();
        parser = JsonFormat.parser().usingTypeRegistry(method.types());
        printer = JsonFormat.printer().usingTypeRegistry(method.types()).omittingInsignificantWhitespace();
    }

    Descriptor request() {
        return request;
    }

    Descriptor reply() {
        return reply;
    }

    /** The framed message of a text from outside; refused with the field and what was expected of it. */
    ByteBuf toMessage(String json) {
        JsonText.check(json);
        return toMessageUnchecked(json);
    }

    /** The same of a value that was put together here. */
    ByteBuf toMessage(JsonObject value) {
        return toMessageUnchecked(value.toString());
    }

    private ByteBuf toMessageUnchecked(String json) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(request);
        try {
            parser.merge(json, message);
        } catch (InvalidProtocolBufferException | RuntimeException wrong) {
            // the parser throws other than its own exceptions for some values
            throw Refusal.slow(() ->
                    new ConnectError(Code.INVALID_ARGUMENT, explain(json, String.valueOf(wrong.getMessage()))).answer());
        }
        return MessageFrames.frame(message.build());
    }

    private String explain(String json, String message) {
        if (message.startsWith("Hit recursion limit")) {
            return "the body is nested too deep (expected: at most 100 messages in each other)";
        }
        if (json.length() > LONGEST_EXPLAINED) {
            return "the body is no " + request.getFullName() + " (it is too long to say where it goes wrong)";
        }
        return new JsonDiagnosis(parser).explain(JsonText.parse(json), request);
    }

    /** The reply as JSON. */
    byte[] toJson(byte[] message) {
        try {
            return utf8(printer.print(parse(message)));
        } catch (InvalidProtocolBufferException e) {
            throw unprintable();
        }
    }

    /** One field of the reply as JSON, its default value included. */
    byte[] toJson(byte[] message, FieldDescriptor field) {
        DynamicMessage whole = parse(message);
        try {
            if (field.getJavaType() == JavaType.MESSAGE && !field.isRepeated()) {
                return utf8(printer.print((DynamicMessage) whole.getField(field)));
            }
            DynamicMessage alone = DynamicMessage.newBuilder(reply).setField(field, whole.getField(field)).build();
            JsonObject object = JsonText.parse(printer.print(alone)).getAsJsonObject();
            JsonElement value = object.get(field.getJsonName());
            return utf8(value != null ? value.toString() : absent(field));
        } catch (InvalidProtocolBufferException e) {
            throw unprintable();
        }
    }

    /** What a field is that the printer leaves out. */
    private static String absent(FieldDescriptor field) {
        return field.isMapField() ? "{}" : field.isRepeated() ? "[]" : switch (field.getJavaType()) {
            case BOOLEAN -> "false";
            case STRING, BYTE_STRING -> "\"\"";
            case ENUM -> "\"" + field.getEnumType().getValues().getFirst().getName() + "\"";
            case LONG -> "\"0\"";
            default -> "0";
        };
    }

    private DynamicMessage parse(byte[] message) {
        try {
            return DynamicMessage.parseFrom(reply, message);
        } catch (InvalidProtocolBufferException e) {
            throw new ConnectError(Code.INTERNAL, "the server's answer is no " + reply.getFullName()).refusal();
        }
    }

    private Refusal unprintable() {
        return new ConnectError(Code.INTERNAL, "the server's " + reply.getFullName()
                + " holds a google.protobuf.Any of a type that its reflection does not describe").refusal();
    }

    private static byte[] utf8(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
