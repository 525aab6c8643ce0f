package io.middleware.client.cli;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import java.util.Locale;
import java.util.stream.Collectors;

/** A method known only by its descriptor. Its messages are read and written as JSON. */
final class JsonMethod {

    private final MethodDescriptor method;
    private final JsonFormat.TypeRegistry types;

    JsonMethod(MethodDescriptor method) {
        this.method = method;
        this.types = JsonFormat.TypeRegistry.newBuilder()
                .add(method.getInputType())
                .add(method.getOutputType())
                .build();
    }

    io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> descriptor() {
        return io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                .setFullMethodName(io.grpc.MethodDescriptor.generateFullMethodName(
                        method.getService().getFullName(), method.getName()))
                .setType(type())
                .setIdempotent(method.getOptions().getIdempotencyLevel() != IdempotencyLevel.IDEMPOTENCY_UNKNOWN)
                .setRequestMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
                .setResponseMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
                .build();
    }

    boolean takesOneMessage() {
        return !method.isClientStreaming();
    }

    /** @throws WrongUseException if the JSON is not the method's request message */
    DynamicMessage parse(String json) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(method.getInputType());
        try {
            JsonFormat.parser().usingTypeRegistry(types).merge(json, message);
        } catch (InvalidProtocolBufferException e) {
            throw new WrongUseException(
                    "expected the JSON of a " + method.getInputType().getFullName() + ", "
                            + shape(method.getInputType()) + ", got '" + json.strip() + "': " + e.getMessage(),
                    e);
        }
        return message.build();
    }

    /** Returns the message as one line of JSON. */
    String print(DynamicMessage message) {
        try {
            return JsonFormat.printer()
                    .usingTypeRegistry(types)
                    .omittingInsignificantWhitespace()
                    .print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new WrongUseException("the response has no JSON form: " + e.getMessage(), e);
        }
    }

    /** Returns the fields of a message, such as {@code {"message": string, "tags": [string]}}. */
    private static String shape(Descriptor message) {
        return message.getFields().stream()
                .map(field -> "\"" + field.getJsonName() + "\": " + shape(field))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String shape(FieldDescriptor field) {
        if (field.isMapField()) {
            return "{...}";
        }
        return field.isRepeated() ? "[" + type(field) + "]" : type(field);
    }

    private static String type(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getName();
            case ENUM -> field.getEnumType().getName();
            default -> field.getType().toString().toLowerCase(Locale.ROOT);
        };
    }

    private MethodType type() {
        if (method.isClientStreaming()) {
            return method.isServerStreaming() ? MethodType.BIDI_STREAMING : MethodType.CLIENT_STREAMING;
        }
        return method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY;
    }
}
