package io.middleware.gateway.schema;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpc.reflection.v1.ServerReflectionRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The gRPC services that the gateway serves itself: it describes them, and no instance gets their calls. */
public final class OwnServices {
    private static final SortedMap<String, ServiceFiles> SERVICES = new TreeMap<>();
    private static final Map<String, Method> METHODS = new HashMap<>();

    static {
        List<FileDescriptor> files = List.of(
                HealthFile.get(),
                ServerReflectionRequest.getDescriptor().getFile(),
                io.grpc.reflection.v1alpha.ServerReflectionRequest.getDescriptor()
                        .getFile());
        for (FileDescriptor file : files) {
            for (ServiceDescriptor service : file.getServices()) {
                SERVICES.put(service.getFullName(), ServiceFiles.of(file));
                for (MethodDescriptor descriptor : service.getMethods()) {
                    Method method = new Method(descriptor, Types.of(file));
                    METHODS.put(method.path(), method);
                }
            }
        }
    }

    private OwnServices() {}

    /** Returns their files by full name. */
    public static SortedMap<String, ServiceFiles> files() {
        return SERVICES;
    }

    /** Returns their methods by path. */
    public static Map<String, Method> methods() {
        return METHODS;
    }
}
