package io.middleware.gateway.schema;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The files that describe the services of an instance, by name, as it sent them. They are equal if their bytes are, so
 * instances of one version can share what is built from them.
 */
record DescriptorFiles(Map<String, ByteString> files) {

    DescriptorFiles {
        files = Map.copyOf(files);
    }

    static FileDescriptorProto parse(ByteString file) throws InvalidProtocolBufferException {
        return FileDescriptorProto.parseFrom(file, CommonFiles.extensions());
    }

    /** @throws InvalidProtocolBufferException if a file is not a descriptor */
    Map<String, FileDescriptorProto> parsed() throws InvalidProtocolBufferException {
        Map<String, FileDescriptorProto> parsed = new TreeMap<>();
        for (ByteString file : files.values()) {
            FileDescriptorProto descriptor = parse(file);
            parsed.put(descriptor.getName(), descriptor);
        }
        return parsed;
    }

    /** Returns the names of the files that these import and that are neither here nor in {@link CommonFiles}. */
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

    /** Returns the types that these files use and that neither they nor {@link CommonFiles} define. */
    static Set<String> undefined(Collection<FileDescriptorProto> files) {
        Map<String, String> definers = Symbols.definers(files);
        Set<String> undefined = new TreeSet<>();
        files.forEach(file -> undefined.addAll(Symbols.uses(file).keySet()));
        undefined.removeAll(definers.keySet());
        return undefined;
    }

    /** Returns these files and the others. */
    DescriptorFiles with(DescriptorFiles others) {
        Map<String, ByteString> all = new HashMap<>(files);
        all.putAll(others.files);
        return new DescriptorFiles(all);
    }
}
