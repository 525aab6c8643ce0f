package io.middleware.gateway;

import java.util.Map;

/** The properties of Netty that the gateway sets itself. Those of the command line win. */
final class NettyDefaults {
    /**
     * Leaked buffers are not searched for, which would cost each call a few percent: the tests search for them. {@code
     * -Dio.netty.leakDetection.level=simple} searches in a gateway that is suspected.
     */
    private static final Map<String, String> PROPERTIES = Map.of("io.netty.leakDetection.level", "disabled");

    private NettyDefaults() {}

    /** Sets them. Must come before the first of Netty's classes. */
    static void set() {
        PROPERTIES.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
    }
}
