package io.middleware.gateway.reflection;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpc.reflection.v1.FileDescriptorResponse;
import io.middleware.gateway.schema.ImportOrder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A file as reflection gives it: under its name in the catalog, importing others by theirs. */
public final class CatalogFile {
    /** Most clients accept 4 MiB. They request an import that was left out by its name. */
    private static final int MOST_TOGETHER = 1 << 20;

    private final String name;
    private final FileDescriptor descriptor;
    private final int size;
    private final byte[] entry;
    private final List<CatalogFile> imports;

    /** {@code descriptor}: may have another name, and promise more; {@code imports}: those that this names. */
    CatalogFile(String name, FileDescriptor descriptor, ByteString content, List<CatalogFile> imports) {
        this.name = name;
        this.descriptor = descriptor;
        this.size = content.size();
        this.entry = entry(content);
        this.imports = imports;
    }

    private static byte[] entry(ByteString content) {
        int field = FileDescriptorResponse.FILE_DESCRIPTOR_PROTO_FIELD_NUMBER;
        byte[] entry = new byte[CodedOutputStream.computeBytesSize(field, content)];
        try {
            CodedOutputStream.newInstance(entry).writeBytes(field, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entry;
    }

    public String name() {
        return name;
    }

    /** Returns the serialized {@code FileDescriptorProto}. */
    public ByteString content() {
        return ByteString.copyFrom(entry, entry.length - size, size);
    }

    FileDescriptor descriptor() {
        return descriptor;
    }

    List<CatalogFile> imports() {
        return imports;
    }

    /**
     * Returns all files that this imports, directly or not, each after those that it imports. It is not kept: along a
     * chain of imports that would take the square of its length.
     */
    List<CatalogFile> closure() {
        List<CatalogFile> order = ImportOrder.of(this, CatalogFile::imports, file -> false);
        return order.subList(0, order.size() - 1);
    }

    /**
     * Returns the serialized entries of a {@code FileDescriptorResponse}: of this file, which comes first, and of those
     * that it imports, as far as they fit into one response. The arrays are shared and must not be changed.
     */
    public List<byte[]> entries() {
        List<byte[]> entries = new ArrayList<>();
        entries.add(entry);
        int size = entry.length;
        for (CatalogFile file : closure()) {
            size += file.entry.length;
            if (size > MOST_TOGETHER) {
                break;
            }
            entries.add(file.entry);
        }
        return entries;
    }
}
