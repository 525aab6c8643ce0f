package io.middleware.starter;

import java.util.Map;

/** More of an instance's metadata in Consul. Asked when the gRPC server listens and the instance joins. */
@FunctionalInterface
public interface InstanceMetadata {

    /** Returns the entries; what the application has set itself stays. */
    Map<String, String> entries();
}
