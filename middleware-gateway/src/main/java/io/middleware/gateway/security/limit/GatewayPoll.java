package io.middleware.gateway.security.limit;

import io.middleware.gateway.consul.RegistryLookup;
import java.io.IOException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Asks the registry each second which gateways there are, on a thread of its own: no call waits for it. */
final class GatewayPoll implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(GatewayPoll.class);
    private static final long PAUSE_MILLIS = 1_000;

    private final RegistryLookup registry;
    private final GatewayCount count;
    private @Nullable Thread thread;

    GatewayPoll(RegistryLookup registry, GatewayCount count) {
        this.registry = registry;
        this.count = count;
    }

    @Override
    public synchronized void start() {
        thread = Thread.ofPlatform()
                .daemon()
                .priority(Thread.MIN_PRIORITY)
                .name("limits-gateways")
                .start(this::ask);
    }

    @Override
    public synchronized void stop() {
        if (thread != null) {
            thread.interrupt();
            thread = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    private void ask() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    count.onListed(registry.gateways().stream()
                            .filter(RegistryLookup.Gateway::passing)
                            .map(RegistryLookup.Gateway::id)
                            .collect(Collectors.toSet()));
                } catch (IOException | RuntimeException failed) {
                    log.debug("the registry does not say how many gateways there are: {}", failed.toString());
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
