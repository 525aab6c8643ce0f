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
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Opens the ports when calls can be answered: a proxy takes an open port for a gateway that works, and would send calls to one
 * that knows no service yet, while another gateway could answer them.
 *
 * <p>However long it takes until Consul has said which instances there are; the management port is open meanwhile, and says that
 * this gateway lives and what it waits for. But an instance that does not describe itself keeps nobody waiting.
 */
@Component
final class StartupGate implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(StartupGate.class);
    private static final Duration MOST_FOR_DESCRIPTIONS = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(5);

    private final Directory directory;
    private final SchemaWatch schemas;
    private final Ticker ticker;
    private final ApplicationContext application;
    private final ObjectProvider<SmartLifecycle> management;
    private volatile boolean running;

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
    public void start() {
        try {
            if (!directory.loaded()) {
                openManagement();
                directory.awaitLoaded();
            }
            awaitDescriptions();
        } catch (InterruptedException shutdown) {
            // and has done its work: what is stopped from here on has waits of its own
            throw new StoppedBeforeReadyException();
        }
        running = true;
    }

    /** By itself it would start after the servers of callers. */
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

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After the watch of Consul, before the callers' servers. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
    }
}
