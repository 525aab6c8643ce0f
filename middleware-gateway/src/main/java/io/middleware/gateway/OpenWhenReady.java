package io.middleware.gateway;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

import io.middleware.core.Ticker;
import io.middleware.gateway.schema.SchemaWatch;

/**
 * Opens the ports when calls can be answered: a proxy takes an open port for a gateway that works, and would send calls to one that
 * knows no service yet. Not for ever: without Consul the ports open all the same, so that callers and probes are told why.
 */
@Component
final class OpenWhenReady implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(OpenWhenReady.class);
    private static final Duration MOST = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(5);

    private final SchemaWatch schemas;
    private final Ticker ticker;
    private volatile boolean running;

    OpenWhenReady(SchemaWatch schemas, Ticker ticker) {
        this.schemas = schemas;
        this.ticker = ticker;
    }

    @Override
    public void start() {
        long begun = ticker.nanos();
        try {
            while (!schemas.settled()) {
                if (ticker.nanos() - begun > MOST.toNanos()) {
                    log.warn("no word of Consul and of all that it lists within {} s: starting without", MOST.toSeconds());
                    break;
                }
                Thread.sleep(POLL);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After the watch of Consul, before the web server. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
    }
}
