package io.middleware.gateway.protojson;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Writes the JSON of simple messages from their bytes, without building the message: several times as fast as
 * {@link MessageWriter}, with the same result. Whatever is not plain (text that must be escaped, nested messages,
 * fields out of order, errors) is left to that.
 */
public final class FlatWriter {
    private final FlatFields fields;
    private final byte[] message;
    private final boolean numericEnums;
    private byte[] out;
    private int size;

    /** Thrown, without a stack trace, when {@link MessageWriter} must write the message. */
    private static final class NotFlatException extends IOException {
        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    private FlatWriter(FlatFields fields, byte[] message, boolean numericEnums) {
        this.fields = fields;
        this.message = message;
        this.numericEnums = numericEnums;
        this.out = new byte[2 * message.length + 32];
    }

    /** Returns the message as JSON; null if it is not simple. */
    public static byte @Nullable [] write(FlatFields fields, byte[] message, boolean numericEnums) {
        try {
            return new FlatWriter(fields, message, numericEnums).write();
        } catch (IOException notFlat) {
            return null;
        }
    }

    private byte[] write() throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(message);
        append('{');
        int last = 0;
        while (!in.isAtEnd()) {
            int tag = in.readUInt32();
            FlatFields.Field field = fields.byTag(tag);
            // of a field that occurs twice the last one counts
            if (field == null || tag <= last) {
                throw new NotFlatException();
            }
            last = tag;
            field(field, in);
        }
        append('}');
        return size == out.length ? out : Arrays.copyOf(out, size);
    }

    private void field(FlatFields.Field field, CodedInputStream in) throws IOException {
        switch (field.type()) {
            case STRING -> string(field, in);
            case BYTES -> bytes(field, in);
            case BOOL -> {
                boolean value = in.readBool();
                if (key(field, value)) {
                    ascii(value ? "true" : "false");
                }
            }
            case ENUM -> enumeration(field, in.readEnum());
            case INT32 -> number(field, in.readInt32(), false);
            case SINT32 -> number(field, in.readSInt32(), false);
            case SFIXED32 -> number(field, in.readSFixed32(), false);
            case UINT32 -> number(field, Integer.toUnsignedLong(in.readUInt32()), false);
            case FIXED32 -> number(field, Integer.toUnsignedLong(in.readFixed32()), false);
            case INT64 -> number(field, in.readInt64(), true);
            case SINT64 -> number(field, in.readSInt64(), true);
            case SFIXED64 -> number(field, in.readSFixed64(), true);
            case UINT64, FIXED64, FLOAT, DOUBLE, MESSAGE, GROUP -> throw new NotFlatException();
        }
    }

    /** Writes the field's name, unless its value is the default and left out; returns whether it did. */
    private boolean key(FlatFields.Field field, boolean differs) {
        if (!differs && !field.hasPresence()) {
            return false;
        }
        if (size > 1) {
            append(',');
        }
        append(field.key());
        return true;
    }

    private void string(FlatFields.Field field, CodedInputStream in) throws IOException {
        int length = length(in);
        int start = in.getTotalBytesRead();
        for (int i = start; i < start + length; i++) {
            byte b = message[i];
            if (b < ' ' || b == '"' || b == '\\') {
                throw new NotFlatException();
            }
        }
        if (key(field, length > 0)) {
            append('"');
            room(length);
            System.arraycopy(message, start, out, size, length);
            size += length;
            append('"');
        }
        in.skipRawBytes(length);
    }

    private void bytes(FlatFields.Field field, CodedInputStream in) throws IOException {
        int length = length(in);
        int start = in.getTotalBytesRead();
        if (key(field, length > 0)) {
            append('"');
            append(Base64.getEncoder().encode(Arrays.copyOfRange(message, start, start + length)));
            append('"');
        }
        in.skipRawBytes(length);
    }

    private int length(CodedInputStream in) throws IOException {
        int length = in.readUInt32();
        if (length < 0 || length > message.length - in.getTotalBytesRead()) {
            throw new NotFlatException();
        }
        return length;
    }

    private void enumeration(FlatFields.Field field, int number) throws IOException {
        byte[] name = field.nameOf(number);
        if (name == null) {
            throw new NotFlatException();
        }
        if (numericEnums) {
            number(field, number, false);
        } else if (key(field, number != 0)) {
            append(name);
        }
    }

    private void number(FlatFields.Field field, long value, boolean quoted) {
        if (key(field, value != 0)) {
            if (quoted) {
                append('"');
            }
            digits(value);
            if (quoted) {
                append('"');
            }
        }
    }

    private void digits(long value) {
        if (value == Long.MIN_VALUE) {
            ascii(Long.toString(value));
            return;
        }
        if (value < 0) {
            append('-');
        }
        long rest = Math.abs(value);
        int count = 1;
        for (long power = rest; power >= 10; power /= 10) {
            count++;
        }
        room(count);
        size += count;
        for (int i = size - 1; i >= size - count; i--) {
            out[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    private void ascii(String text) {
        append(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void append(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, out, size, bytes.length);
        size += bytes.length;
    }

    private void append(char c) {
        room(1);
        out[size++] = (byte) c;
    }

    private void room(int more) {
        if (more > out.length - size) {
            out = Arrays.copyOf(out, Math.max(size + more, 2 * out.length));
        }
    }
}
