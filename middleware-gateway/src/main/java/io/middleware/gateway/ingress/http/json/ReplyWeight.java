package io.middleware.gateway.ingress.http.json;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Estimates, from above, the heap that a serialized message takes while it becomes JSON: the objects of its fields,
 * those that its type does not know included, and four times the text (a buffer that doubles, the text and its bytes).
 * Reads the bytes once.
 */
final class ReplyWeight {
    private static final int MESSAGE = 320;
    private static final int FIELD = 100;
    private static final int ELEMENT = 48;
    private static final int UNKNOWN_NUMBER = 280;
    private static final int COPIES = 4;
    /** Quotation marks, colon and comma. */
    private static final int PUNCTUATION = 4;

    private static final int NUMBER = 12;
    private static final int NAME = 24;
    private static final String ESCAPED = "\"\\<>&='";
    private static final int ESCAPE = "\\u0000".length() - 1;
    private static final int DEEPEST = 100;

    private final byte[] bytes;
    private final CodedInputStream in;
    private long objects;
    private long text;
    private boolean wide;

    private ReplyWeight(byte[] message) {
        this.bytes = message;
        this.in = CodedInputStream.newInstance(message);
    }

    /** Returns bytes; of what is no message of the type, of what was read until that showed. */
    static long of(byte[] message, Descriptor type) {
        ReplyWeight weight = new ReplyWeight(message);
        try {
            weight.message(type, 0);
        } catch (IOException malformed) {
            // reading it in earnest will say so
        }
        return weight.objects + COPIES * weight.text * (weight.wide ? 2 : 1);
    }

    private void message(@Nullable Descriptor type, int depth) throws IOException {
        objects += MESSAGE;
        text += PUNCTUATION;
        int before = 0;
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            if (tag == 0 || WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_END_GROUP) {
                return;
            }
            int number = WireFormat.getTagFieldNumber(tag);
            FieldDescriptor field = type == null ? null : type.findFieldByNumber(number);
            if (field == null) {
                objects += number == before ? ELEMENT : UNKNOWN_NUMBER;
                unknown(tag, depth);
            } else {
                known(field, tag, number == before, depth);
            }
            before = number;
        }
    }

    private void unknown(int tag, int depth) throws IOException {
        if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_START_GROUP) {
            nested(null, depth);
        } else if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            int length = in.readRawVarint32();
            objects += ELEMENT + length;
            in.skipRawBytes(length);
        } else {
            in.skipField(tag);
        }
    }

    private void known(FieldDescriptor field, int tag, boolean again, int depth) throws IOException {
        objects += again ? ELEMENT : FIELD;
        text += PUNCTUATION
                + (field.isRepeated() && again ? 0 : field.getJsonName().length());
        switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_START_GROUP ->
                nested(field.getJavaType() == JavaType.MESSAGE ? field.getMessageType() : null, depth);
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> delimited(field, in.readRawVarint32(), depth);
            default -> {
                text += value(field);
                in.skipField(tag);
            }
        }
    }

    private void delimited(FieldDescriptor field, int length, int depth) throws IOException {
        switch (field.getJavaType()) {
            case MESSAGE -> {
                int limit = in.pushLimit(length);
                nested(field.getMessageType(), depth);
                in.skipRawBytes(in.getBytesUntilLimit());
                in.popLimit(limit);
            }
            case STRING, BYTE_STRING -> {
                objects += ELEMENT + 2L * length;
                characters(length);
                in.skipRawBytes(length);
            }
            default -> {
                long elements = elements(field, length);
                objects += elements * ELEMENT;
                text += elements * value(field);
                in.skipRawBytes(length);
            }
        }
    }

    private void nested(@Nullable Descriptor type, int depth) throws IOException {
        if (depth < DEEPEST) {
            message(type, depth + 1);
        } else {
            throw new IOException("nested too deep");
        }
    }

    /** Of a packed field. */
    private long elements(FieldDescriptor field, int length) {
        return switch (field.getType()) {
            case FIXED32, SFIXED32, FLOAT -> length / 4;
            case FIXED64, SFIXED64, DOUBLE -> length / 8;
            default -> {
                long ends = 0;
                for (int i = in.getTotalBytesRead();
                        i < Math.min(bytes.length, in.getTotalBytesRead() + (long) length);
                        i++) {
                    ends += bytes[i] >= 0 ? 1 : 0;
                }
                yield ends;
            }
        };
    }

    /** Of a string, or of bytes, which become base64. */
    private void characters(int length) {
        text += length + length / 2;
        int at = in.getTotalBytesRead();
        for (int i = at; i < Math.min(bytes.length, at + (long) length); i++) {
            byte b = bytes[i];
            if (b < 0) {
                wide |= (b & 0xff) > 0xc3;
            } else if (b < ' ' || ESCAPED.indexOf(b) >= 0) {
                text += ESCAPE;
            }
        }
    }

    private static int value(FieldDescriptor field) {
        return field.getJavaType() == JavaType.ENUM ? NAME : NUMBER;
    }
}
