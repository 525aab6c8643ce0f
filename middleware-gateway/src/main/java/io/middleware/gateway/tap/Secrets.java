package io.middleware.gateway.tap;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.middleware.gateway.protojson.KnownTypes;

/** Removes the fields that a message's author marked with {@code debug_redact}, in all messages within it. */
final class Secrets {
    private Secrets() {}

    /**
     * Returns the message without them. The content of an Any whose type is not known stays, as it is never shown.
     *
     * @throws InvalidProtocolBufferException if the content of an Any is not of its type
     */
    static Message removedFrom(Message message, KnownTypes types) throws InvalidProtocolBufferException {
        if (message.getDescriptorForType()
                .getFullName()
                .equals(Any.getDescriptor().getFullName())) {
            return removedFromContent(message, types);
        }
        Message.Builder rest = message.toBuilder();
        for (FieldDescriptor field : message.getAllFields().keySet()) {
            if (field.getOptions().getDebugRedact()) {
                rest.clearField(field);
            } else if (field.getJavaType() == JavaType.MESSAGE) {
                if (field.isRepeated()) {
                    for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
                        rest.setRepeatedField(
                                field, i, removedFrom((Message) message.getRepeatedField(field, i), types));
                    }
                } else {
                    rest.setField(field, removedFrom((Message) message.getField(field), types));
                }
            }
        }
        // what no descriptor names may be anything
        return rest.setUnknownFields(UnknownFieldSet.getDefaultInstance()).buildPartial();
    }

    private static Message removedFromContent(Message any, KnownTypes types) throws InvalidProtocolBufferException {
        FieldDescriptor url = any.getDescriptorForType().findFieldByNumber(Any.TYPE_URL_FIELD_NUMBER);
        FieldDescriptor value = any.getDescriptorForType().findFieldByNumber(Any.VALUE_FIELD_NUMBER);
        String name = (String) any.getField(url);
        Descriptor type = types.message(name.substring(name.lastIndexOf('/') + 1));
        if (type == null) {
            return any;
        }
        Message content = DynamicMessage.parseFrom(type, (ByteString) any.getField(value), types.extensions());
        return any.toBuilder()
                .setField(value, removedFrom(content, types).toByteString())
                .build();
    }
}
