package io.middleware.gateway;

import io.middleware.core.Ticker;
import io.middleware.core.directory.Directory;
import io.middleware.gateway.schema.SchemaWatch;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Delays the ports of callers until calls can be served: a proxy takes an open port for a working gateway, and would
 * send calls to one that knows no service yet, while another gateway could serve them.
 *
 * <p>Waits for Consul without limit. The management port is open meanwhile, and shows that this gateway lives and what
 * it waits for. An instance that does not describe itself delays the start by a few seconds at most.
 */
@Component
final class StartupGate extends StartupStep {
    private static final Logger log = LoggerFactory.getLogger(StartupGate.class);
    private static final Duration MOST_FOR_DESCRIPTIONS = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(5);

    private final Directory directory;
    private final SchemaWatch schemas;
    private final Ticker ticker;
    private final ApplicationContext application;
    private final ObjectProvider<SmartLifecycle> management;

    StartupGate(
            Directory directory,
            SchemaWatch schemas,
            Ticker ticker,
            ApplicationContext application,
            @Qualifier("childManagementContextInitializer") ObjectProvider<SmartLifecycle> management) {
        this.directory = directory;
        this.schemas = schemas;
        this.ticker = ticker;
        this.application = application;
        this.management = management;
    }

    @Override
    protected void run() {
        try {
            if (!directory.loaded()) {
                openManagement();
                directory.awaitLoaded();
            }
            awaitDescriptions();
        } catch (InterruptedException shutdown) {
            // not restored: the components that stop from here on wait on their own
            throw new StoppedBeforeReadyException();
        }
    }

    /** Starts the management server, which would otherwise start after the callers' servers. */
    private void openManagement() {
        management.ifAvailable(SmartLifecycle::start);
        AvailabilityChangeEvent.publish(application, LivenessState.CORRECT);
    }

    private void awaitDescriptions() throws InterruptedException {
        long begun = ticker.nanos();
        while (!schemas.settled()) {
            if (ticker.nanos() - begun > MOST_FOR_DESCRIPTIONS.toNanos()) {
                log.warn(
                        "not all that Consul lists described itself within {} s: starting without",
                        MOST_FOR_DESCRIPTIONS.toSeconds());
                return;
            }
            Thread.sleep(POLL);
        }
    }
}
