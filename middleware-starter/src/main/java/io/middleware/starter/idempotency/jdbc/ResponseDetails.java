package io.middleware.starter.idempotency.jdbc;

import io.grpc.Metadata;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a response has besides its code and its message, as bytes: the description of its status, headers and trailers.
 */
record ResponseDetails(@Nullable String description, Metadata headers, Metadata trailers) {
    private static final int VERSION = 1;
    private static final int MAX_DESCRIPTION = 4_000;

    /** Returns the bytes; null if there is nothing to keep, as after most calls. */
    byte @Nullable [] write() {
        if (description == null && headers.keys().isEmpty() && trailers.keys().isEmpty()) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream output = new DataOutputStream(bytes)) {
            output.writeByte(VERSION);
            output.writeBoolean(description != null);
            if (description != null) {
                output.writeUTF(description.substring(0, Math.min(description.length(), MAX_DESCRIPTION)));
            }
            write(headers, output);
            write(trailers, output);
        } catch (IOException impossible) {
            throw new UncheckedIOException("to memory", impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(Metadata metadata, DataOutputStream output) throws IOException {
        for (String name : metadata.keys()) {
            if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                for (byte[] value : all(metadata, Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER))) {
                    write(name, value, output);
                }
            } else {
                for (String value : all(metadata, Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER))) {
                    write(name, value.getBytes(StandardCharsets.US_ASCII), output);
                }
            }
        }
        output.writeUTF("");
    }

    private static <T> Iterable<T> all(Metadata metadata, Metadata.Key<T> key) {
        Iterable<T> values = metadata.getAll(key);
        return values == null ? List.of() : values;
    }

    private static void write(String name, byte[] value, DataOutputStream output) throws IOException {
        output.writeUTF(name);
        output.writeInt(value.length);
        output.write(value);
    }

    /** Reads what {@link #write} wrote. */
    static ResponseDetails read(byte @Nullable [] bytes) {
        if (bytes == null) {
            return new ResponseDetails(null, new Metadata(), new Metadata());
        }
        try (DataInputStream input = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = input.readByte();
            if (version != VERSION) {
                throw new IllegalStateException("expected details of version " + VERSION + ", found " + version);
            }
            return new ResponseDetails(input.readBoolean() ? input.readUTF() : null, metadata(input), metadata(input));
        } catch (IOException cut) {
            throw new UncheckedIOException("the details of a stored response are incomplete", cut);
        }
    }

    private static Metadata metadata(DataInputStream input) throws IOException {
        Metadata metadata = new Metadata();
        for (String name = input.readUTF(); !name.isEmpty(); name = input.readUTF()) {
            byte[] value = input.readNBytes(input.readInt());
            if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                metadata.put(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER), value);
            } else {
                metadata.put(
                        Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER),
                        new String(value, StandardCharsets.US_ASCII));
            }
        }
        return metadata;
    }
}
