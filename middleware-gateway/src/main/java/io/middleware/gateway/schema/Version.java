package io.middleware.gateway.schema;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;

/**
 * What a service looks like by one set of descriptors; the instances that sent the same bytes share it.
 *
 * @param methods by {@code /package.Service/Method}
 */
record Version(DescriptorFiles files, Map<String, Method> methods) {
    /** Of an instance that offers no reflection, or sent descriptors that cannot be used. */
    static final Version UNKNOWN = new Version(new DescriptorFiles(Map.of()), Map.of());

    private static final Logger log = LoggerFactory.getLogger(Version.class);

    static Version of(DescriptorFiles files) {
        try {
            return read(files);
        } catch (DescriptorValidationException | InvalidProtocolBufferException | RuntimeException e) {
            // what comes from a server is not to be trusted to be what the library below takes care of
            log.warn("descriptors that cannot be used, as if there was no reflection: {}", e.getMessage());
            return UNKNOWN;
        }
    }

    private static Version read(DescriptorFiles files) throws DescriptorValidationException, InvalidProtocolBufferException {
        List<FileDescriptor> descriptors = files.build();
        Types known = new Types(descriptors);
        Map<String, Method> methods = new TreeMap<>();
        for (FileDescriptor file : descriptors) {
            for (ServiceDescriptor service : file.getServices()) {
                for (MethodDescriptor descriptor : service.getMethods()) {
                    Method method = new Method(descriptor, known);
                    methods.put(method.path(), method);
                }
            }
        }
        return new Version(files, methods);
    }
}
