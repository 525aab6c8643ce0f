package io.middleware.client.schema;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.Optional;

/** A source of descriptors of gRPC services. */
public interface Schema {

    /**
     * Returns the service of this full name, such as {@code hello.v1.HelloService}; empty when it is unknown here.
     *
     * @throws SchemaException if its description is broken or incomplete
     */
    Optional<ServiceDescriptor> service(String name);
}
