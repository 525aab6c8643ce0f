package io.middleware.gateway.schema;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service as described by one set of descriptor files. Instances that sent the same bytes share it.
 *
 * @param methods     by {@code /package.Service/Method}
 * @param services    the files of each gRPC service, by full name
 * @param undescribed why a gRPC service in the files has no methods here, by full name
 */
record SchemaVersion(
        DescriptorFiles files,
        Map<String, Method> methods,
        Map<String, ServiceFiles> services,
        Map<String, String> undescribed) {
    /** The version of an instance that offers no reflection, or sent unusable descriptors. */
    static final SchemaVersion UNKNOWN = new SchemaVersion(new DescriptorFiles(Map.of()), Map.of(), Map.of(), Map.of());

    private static final Logger log = LoggerFactory.getLogger(SchemaVersion.class);

    static SchemaVersion of(DescriptorFiles files, Types.Lookup lookup) {
        try {
            return read(files, lookup);
        } catch (InvalidProtocolBufferException | RuntimeException e) {
            // a server may send descriptors that the library does not expect
            log.warn("unusable descriptors, treated as no reflection: {}", e.getMessage());
            return UNKNOWN;
        }
    }

    private static SchemaVersion read(DescriptorFiles files, Types.Lookup lookup)
            throws InvalidProtocolBufferException {
        Map<String, FileDescriptorProto> parsed = files.parsed();
        FileBuilder builder = new FileBuilder(parsed, Set.of());
        builder.build();
        Types known = new Types(builder.files(), lookup);
        Map<String, ByteString> originals = originals(files, builder.altered());
        Map<String, Method> methods = new TreeMap<>();
        Map<String, ServiceFiles> services = new HashMap<>();
        for (FileDescriptor file : builder.files()) {
            for (ServiceDescriptor service : file.getServices()) {
                services.put(service.getFullName(), new ServiceFiles(file, originals));
                for (MethodDescriptor descriptor : service.getMethods()) {
                    Method method = new Method(descriptor, known, missing(descriptor));
                    methods.put(method.path(), method);
                }
            }
        }
        return new SchemaVersion(files, methods, services, undescribed(parsed, builder.broken()));
    }

    private static Map<String, ByteString> originals(DescriptorFiles files, Set<String> altered) {
        Map<String, ByteString> originals = new HashMap<>(files.files());
        originals.keySet().removeAll(altered);
        return originals;
    }

    private static Map<String, String> undescribed(Map<String, FileDescriptorProto> files, Map<String, String> broken) {
        Map<String, String> undescribed = new HashMap<>();
        files.forEach((name, file) -> {
            String reason = broken.get(name);
            if (reason == null) {
                return;
            }
            log.warn("file {} cannot be used, nor any file that imports it: {}", name, reason);
            for (ServiceDescriptorProto service : file.getServiceList()) {
                undescribed.put(
                        file.getPackage().isEmpty() ? service.getName() : file.getPackage() + "." + service.getName(),
                        "its file " + name + " cannot be used: " + reason);
            }
        });
        return undescribed;
    }

    /** Returns the missing files that the method's messages need; null when none is missing. */
    private static @Nullable String missing(MethodDescriptor method) {
        String missing = FileBuilder.missing(method.getInputType());
        return missing != null ? missing : FileBuilder.missing(method.getOutputType());
    }
}
