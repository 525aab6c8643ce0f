package io.middleware.client.schema;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.Optional;

/** Knows descriptors of gRPC services. */
public interface Schema {

    /**
     * The service of this full name, such as {@code hello.v1.HelloService}; empty when this schema does not have it.
     *
     * @throws SchemaException if what describes it is there, and is broken or incomplete
     */
    Optional<ServiceDescriptor> service(String name);
}
