package io.middleware.gateway.schema;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Makes files that cannot always be read. */
public final class BreakingFiles {
    private BreakingFiles() {}

    /** {@code failure}: called when the files are read; returns what is thrown, or null. */
    public static ServiceFiles of(FileDescriptor file, Supplier<RuntimeException> failure) {
        return new ServiceFiles(file, new AbstractMap<>() {
            @Override
            public ByteString get(Object name) {
                RuntimeException thrown = failure.get();
                if (thrown != null) {
                    throw thrown;
                }
                return null;
            }

            @Override
            public Set<Map.Entry<String, ByteString>> entrySet() {
                return Set.of();
            }
        });
    }
}
