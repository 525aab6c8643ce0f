package io.middleware.gateway.ingress.http.route;

import com.google.protobuf.Descriptors.FileDescriptor;
import io.middleware.gateway.openapi.Api;
import io.middleware.gateway.schema.Method;
import io.middleware.gateway.schema.Types;
import java.util.HashMap;
import java.util.Map;

/** What the services in files can be called by, as the gateway routes it. */
public final class Apis {
    private Apis() {}

    public static Api of(FileDescriptor... files) {
        Map<String, Method> methods = new HashMap<>();
        for (FileDescriptor file : files) {
            Types types = Types.of(file);
            file.getServices()
                    .forEach(service -> service.getMethods().forEach(descriptor -> {
                        Method method = new Method(descriptor, types);
                        methods.put(method.path(), method);
                    }));
        }
        return of(methods);
    }

    public static Api of(Map<String, Method> methods) {
        return new Routes(methods).api();
    }
}
