package io.middleware.gateway.protojson;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.FieldMask;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes messages of the {@link WellKnown} types. */
final class WellKnownWriter {
    private final MessageWriter messages;
    private final KnownTypes types;
    private final StringBuilder out;
    private final Location at;

    WellKnownWriter(MessageWriter messages, KnownTypes types, StringBuilder out, Location at) {
        this.messages = messages;
        this.types = types;
        this.out = out;
        this.at = at;
    }

    void write(WellKnown form, Message message) {
        switch (form) {
            case ANY -> any(message);
            case TIMESTAMP ->
                time(
                        TimeText.timestamp(seconds(message), nanos(message)),
                        message,
                        "0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z");
            case DURATION ->
                time(
                        TimeText.duration(seconds(message), nanos(message)),
                        message,
                        "at most 315576000000 seconds, with nanos of the same sign");
            case FIELD_MASK -> fieldMask(message);
            case VALUE -> value(message);
            // written as their only field
            case STRUCT, LIST_VALUE, WRAPPER ->
                messages.field(message, message.getDescriptorForType().findFieldByNumber(1));
        }
    }

    private static long seconds(Message time) {
        return (long) time.getField(time.getDescriptorForType().findFieldByNumber(Timestamp.SECONDS_FIELD_NUMBER));
    }

    private static int nanos(Message time) {
        return (int) time.getField(time.getDescriptorForType().findFieldByNumber(Duration.NANOS_FIELD_NUMBER));
    }

    private void time(@Nullable String text, Message message, String range) {
        if (text == null) {
            throw at.wrong(seconds(message) + " seconds and " + nanos(message) + " nanos (expected of a "
                    + message.getDescriptorForType().getFullName() + ": " + range + ")");
        }
        out.append('"').append(text).append('"');
    }

    private void fieldMask(Message mask) {
        List<?> paths =
                (List<?>) mask.getField(mask.getDescriptorForType().findFieldByNumber(FieldMask.PATHS_FIELD_NUMBER));
        out.append('"');
        String comma = "";
        for (Object path : paths) {
            String camelCase = FieldMaskText.camelCase((String) path);
            if (camelCase == null) {
                throw at.wrong(
                        "path " + path + " would be another one when JSON is read (expected: lower-case letters and "
                                + "digits, each underscore before a letter)");
            }
            out.append(comma).append(camelCase);
            comma = ",";
        }
        out.append('"');
    }

    private void value(Message value) {
        FieldDescriptor kind = value.getOneofFieldDescriptor(
                value.getDescriptorForType().getOneofs().getFirst());
        if (kind == null) {
            throw at.wrong("a google.protobuf.Value without a value (expected: one, null at least)");
        }
        Object content = value.getField(kind);
        if (kind.getNumber() == Value.NUMBER_VALUE_FIELD_NUMBER && !Double.isFinite((double) content)) {
            throw at.wrong(content + " in a google.protobuf.Value (expected: a finite number)");
        }
        messages.single(kind, content);
    }

    private void any(Message any) {
        Descriptor shape = any.getDescriptorForType();
        String url = (String) any.getField(shape.findFieldByNumber(Any.TYPE_URL_FIELD_NUMBER));
        ByteString bytes = (ByteString) any.getField(shape.findFieldByNumber(Any.VALUE_FIELD_NUMBER));
        if (url.isEmpty() && bytes.isEmpty()) {
            out.append("{}");
            return;
        }
        String name = url.substring(url.lastIndexOf('/') + 1);
        Descriptor type = name.isEmpty() || name.equals(url) ? null : types.message(name);
        if (type == null) {
            throw new UnknownTypeException(
                    at.wrong("a google.protobuf.Any of the type " + url
                                    + " (expected: one that the server's reflection describes)")
                            .getMessage(),
                    name,
                    types);
        }
        Message content = content(type, bytes);
        out.append("{\"@type\":");
        JsonStrings.append(url, out);
        if (WellKnown.of(type) == null) {
            at.enterMessage();
            messages.fields(content, true);
            at.leaveMessage();
        } else {
            out.append(",\"value\":");
            messages.message(content);
        }
        out.append('}');
    }

    private Message content(Descriptor type, ByteString bytes) {
        try {
            Message content = DynamicMessage.newBuilder(type)
                    .mergeFrom(bytes, types.extensions())
                    .buildPartial();
            if (!content.isInitialized()) {
                throw at.wrong("field " + content.findInitializationErrors().getFirst() + " of the "
                        + type.getFullName() + " in it is missing (expected: a value, as it is required)");
            }
            return content;
        } catch (InvalidProtocolBufferException e) {
            throw at.wrong("its content is not a valid " + type.getFullName() + ": " + e.getMessage());
        }
    }
}
