package io.middleware.core.directory;

import io.middleware.core.instance.Instance;

/** Learns which instances are in use: of a large service, only some are. */
@FunctionalInterface
public interface UseListener {
    /** Called when calls begin to use an instance, and when they no longer do. Must return at once: event loops call it, too. */
    void onUse(Service service, Instance instance, boolean inUse);
}
