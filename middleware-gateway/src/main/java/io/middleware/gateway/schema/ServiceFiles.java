package io.middleware.gateway.schema;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files that describe a gRPC service: those of the version that the gateway itself uses. Compared by identity.
 */
public final class ServiceFiles {
    private final FileDescriptor file;
    private final Map<String, ByteString> originals;

    /** {@code originals}: by name, the files whose descriptors differ in no import from what the server sent. */
    ServiceFiles(FileDescriptor file, Map<String, ByteString> originals) {
        this.file = file;
        this.originals = originals;
    }

    /** Returns the files of a service that is compiled in here. */
    public static ServiceFiles of(FileDescriptor file) {
        return new ServiceFiles(file, Map.of());
    }

    /** Returns the file that declares the service. Its imports can all be reached from it. */
    public FileDescriptor file() {
        return file;
    }

    /** Returns the bytes of a file as the server sent them; null if it sent none that can be linked as they are. */
    public @Nullable ByteString original(FileDescriptor file) {
        return originals.get(file.getName());
    }
}
