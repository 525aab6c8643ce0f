package io.middleware.gateway.ingress.http.json;

import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.protojson.ProtoJsonException;
import org.jspecify.annotations.Nullable;

/** A {@code google.api.HttpBody}: content of any type, which is the body itself over HTTP. */
public final class RawBody {
    private static final String ANY_TYPE = "application/octet-stream";

    private RawBody() {}

    public static boolean is(Descriptor type) {
        FieldDescriptor contentType = field(type, HttpBody.CONTENT_TYPE_FIELD_NUMBER);
        FieldDescriptor data = field(type, HttpBody.DATA_FIELD_NUMBER);
        return type.getFullName().equals("google.api.HttpBody")
                && contentType != null
                && data != null
                && contentType.getJavaType() == JavaType.STRING
                && data.getJavaType() == JavaType.BYTE_STRING;
    }

    public static boolean is(FieldDescriptor field) {
        return !field.isRepeated() && field.getJavaType() == JavaType.MESSAGE && is(field.getMessageType());
    }

    /** {@code contentType}: null if there is none. */
    public static Message of(Descriptor type, @Nullable String contentType, byte[] content) {
        return DynamicMessage.newBuilder(type)
                .setField(field(type, HttpBody.CONTENT_TYPE_FIELD_NUMBER), contentType == null ? "" : contentType)
                .setField(field(type, HttpBody.DATA_FIELD_NUMBER), ByteString.copyFrom(content))
                .build();
    }

    /** @throws ProtoJsonException if its content type cannot be a header */
    public static HttpResult answer(Message body) {
        Descriptor type = body.getDescriptorForType();
        String contentType = (String) body.getField(field(type, HttpBody.CONTENT_TYPE_FIELD_NUMBER));
        if (!contentType.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new ProtoJsonException("field content_type of its google.api.HttpBody: it cannot be a header "
                    + "(expected: printable ASCII)");
        }
        return new HttpResult(
                200,
                contentType.isBlank() ? ANY_TYPE : contentType.strip(),
                ((ByteString) body.getField(field(type, HttpBody.DATA_FIELD_NUMBER))).toByteArray());
    }

    private static @Nullable FieldDescriptor field(Descriptor type, int number) {
        return type.findFieldByNumber(number);
    }
}
