package io.middleware.gateway.schema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;

/**
 * The files that describe the services of an instance, as it sent them, by name. Two are equal when their bytes are, and so can
 * share what is made of them.
 */
record DescriptorFiles(Map<String, ByteString> files) {

    DescriptorFiles {
        files = Map.copyOf(files);
    }

    static FileDescriptorProto parse(ByteString file) throws InvalidProtocolBufferException {
        return FileDescriptorProto.parseFrom(file, CommonFiles.extensions());
    }

    /** The names of the files that these import and that neither are among them nor {@link CommonFiles}. */
    static Set<String> missing(Collection<FileDescriptorProto> files) {
        Set<String> missing = new TreeSet<>();
        Set<String> present = new HashSet<>();
        for (FileDescriptorProto file : files) {
            present.add(file.getName());
            missing.addAll(file.getDependencyList());
        }
        missing.removeAll(present);
        missing.removeIf(CommonFiles::has);
        return missing;
    }

    /**
     * The descriptors in these files.
     *
     * @throws DescriptorValidationException  if they contradict each other
     * @throws InvalidProtocolBufferException if they are no descriptors
     */
    List<FileDescriptor> build() throws DescriptorValidationException, InvalidProtocolBufferException {
        Map<String, FileDescriptorProto> unbuilt = new HashMap<>();
        for (ByteString file : files.values()) {
            FileDescriptorProto parsed = parse(file);
            unbuilt.put(parsed.getName(), parsed);
        }
        Map<String, FileDescriptor> built = new HashMap<>();
        for (String name : new TreeSet<>(files.keySet())) {
            build(name, unbuilt, built);
        }
        return List.copyOf(built.values());
    }

    private static FileDescriptor build(String name, Map<String, FileDescriptorProto> unbuilt, Map<String, FileDescriptor> built)
            throws DescriptorValidationException, InvalidProtocolBufferException {
        FileDescriptor known = CommonFiles.has(name) ? CommonFiles.get(name) : built.get(name);
        if (known != null) {
            return known;
        }
        // taken out before its imports are built, so that files that import each other end here
        FileDescriptorProto file = unbuilt.remove(name);
        if (file == null) {
            throw new InvalidProtocolBufferException(name + " is missing, or imports itself");
        }
        List<FileDescriptor> imports = new ArrayList<>();
        for (String imported : file.getDependencyList()) {
            imports.add(build(imported, unbuilt, built));
        }
        FileDescriptor descriptor = FileDescriptor.buildFrom(file, imports.toArray(FileDescriptor[]::new));
        built.put(name, descriptor);
        return descriptor;
    }
}
