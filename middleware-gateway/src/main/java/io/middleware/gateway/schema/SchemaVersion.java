package io.middleware.gateway.schema;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a service looks like by one set of descriptors; the instances that sent the same bytes share it.
 *
 * @param methods     by {@code /package.Service/Method}
 * @param undescribed why a gRPC service in the files has no methods here, by its full name
 */
record SchemaVersion(DescriptorFiles files, Map<String, Method> methods, Map<String, String> undescribed) {
    /** Of an instance that offers no reflection, or sent descriptors that cannot be used. */
    static final SchemaVersion UNKNOWN = new SchemaVersion(new DescriptorFiles(Map.of()), Map.of(), Map.of());

    private static final Logger log = LoggerFactory.getLogger(SchemaVersion.class);

    static SchemaVersion of(DescriptorFiles files, Types.Lookup lookup) {
        try {
            return read(files, lookup);
        } catch (InvalidProtocolBufferException | RuntimeException e) {
            // what comes from a server is not to be trusted to be what the library below takes care of
            log.warn("descriptors that cannot be used, as if there was no reflection: {}", e.getMessage());
            return UNKNOWN;
        }
    }

    private static SchemaVersion read(DescriptorFiles files, Types.Lookup lookup)
            throws InvalidProtocolBufferException {
        Map<String, FileDescriptorProto> parsed = files.parsed();
        FileBuilder builder = new FileBuilder(parsed, Set.of());
        builder.build();
        Types known = new Types(builder.files(), lookup);
        Map<String, Method> methods = new TreeMap<>();
        for (FileDescriptor file : builder.files()) {
            for (ServiceDescriptor service : file.getServices()) {
                for (MethodDescriptor descriptor : service.getMethods()) {
                    Method method = new Method(descriptor, known, missing(descriptor));
                    methods.put(method.path(), method);
                }
            }
        }
        return new SchemaVersion(files, methods, undescribed(parsed, builder.broken()));
    }

    private static Map<String, String> undescribed(Map<String, FileDescriptorProto> files, Map<String, String> broken) {
        Map<String, String> undescribed = new HashMap<>();
        broken.forEach((name, reason) -> {
            log.warn("{} cannot be used, nor what imports it: {}", name, reason);
            FileDescriptorProto file = files.get(name);
            for (ServiceDescriptorProto service : file.getServiceList()) {
                undescribed.put(
                        file.getPackage().isEmpty() ? service.getName() : file.getPackage() + "." + service.getName(),
                        "its file " + name + " cannot be used: " + reason);
            }
        });
        return undescribed;
    }

    /** The files that the method's messages need and that are missing; null where nothing is. */
    private static String missing(MethodDescriptor method) {
        String missing = FileBuilder.missing(method.getInputType());
        return missing != null ? missing : FileBuilder.missing(method.getOutputType());
    }
}
