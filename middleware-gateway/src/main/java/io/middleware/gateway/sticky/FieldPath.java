package io.middleware.gateway.sticky;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A singular field of a message, or of a message in it, that can be a key: a text, bytes, a number, a boolean or an enum value. */
final class FieldPath {
    private final String name;
    /** The tags of the fields that lead there, the field's own last. */
    private final int[] tags;
    /** What counts if the field is not there; null for none. */
    private final @Nullable String absent;

    private FieldPath(String name, int[] tags, @Nullable String absent) {
        this.name = name;
        this.tags = tags;
        this.absent = absent;
    }

    /** Returns the field of this name, such as {@code order.customer_id}; null if a message has none that can be a key. */
    static @Nullable FieldPath of(Descriptor message, String name) {
        String[] names = name.split("\\.");
        int[] tags = new int[names.length];
        Descriptor type = message;
        for (int i = 0; i < names.length; i++) {
            FieldDescriptor field = type.findFieldByName(names[i]);
            if (field == null || field.isRepeated()) {
                return null;
            }
            tags[i] = field.getNumber() << 3 | field.getLiteType().getWireType();
            if (i == names.length - 1) {
                return isKey(field) ? new FieldPath(name, tags, absent(field)) : null;
            }
            if (field.getType() != FieldDescriptor.Type.MESSAGE) {
                return null;
            }
            type = field.getMessageType();
        }
        return null;
    }

    private static boolean isKey(FieldDescriptor field) {
        return switch (field.getType()) {
            case MESSAGE, GROUP, FLOAT, DOUBLE -> false;
            default -> true;
        };
    }

    /** Serializers leave a zero out where absence cannot be told from it, but it is as good a key as any other number. */
    private static @Nullable String absent(FieldDescriptor field) {
        return switch (field.getType()) {
            case STRING, BYTES -> null;
            default -> field.hasPresence() ? null : "0";
        };
    }

    String name() {
        return name;
    }

    /**
     * Returns the value in a serialized message; null for none. As for any reader of Protobuf, the last one counts.
     *
     * @param bytes    the message begins at index {@code from}
     * @param complete false if this is only its beginning
     */
    @Nullable
    String valueIn(byte[] bytes, int from, int size, boolean complete) {
        String[] found = new String[1];
        boolean read = scan(CodedInputStream.newInstance(bytes, from, size), 0, found);
        return found[0] != null || !read || !complete ? found[0] : absent;
    }

    /** Returns false if the message ends too early, or is none. */
    private boolean scan(CodedInputStream in, int depth, String[] found) {
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag != tags[depth]) {
                    in.skipField(tag);
                } else if (depth == tags.length - 1) {
                    found[0] = value(in, tag);
                } else {
                    int size = in.readRawVarint32();
                    int outer = in.pushLimit(size);
                    if (!scan(in, depth + 1, found)) {
                        return false;
                    }
                    in.popLimit(outer);
                }
            }
            return true;
        } catch (IOException | RuntimeException broken) {
            return false;
        }
    }

    /** Equal values have equal texts here; which number a wire type stands for does not matter. */
    private static String value(CodedInputStream in, int tag) throws IOException {
        return switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_VARINT -> Long.toString(in.readRawVarint64());
            case WireFormat.WIRETYPE_FIXED32 -> Integer.toString(in.readRawLittleEndian32());
            case WireFormat.WIRETYPE_FIXED64 -> Long.toString(in.readRawLittleEndian64());
            default -> new String(in.readByteArray(), StandardCharsets.UTF_8);
        };
    }
}
