package io.middleware.gateway;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Something that must succeed before the ports of callers open. Runs after Consul's watch has begun. Steps run in the order of their
 * beans.
 */
public abstract class StartupStep implements SmartLifecycle {
    private volatile boolean done;

    /** Does it; any exception ends the start. */
    protected abstract void run();

    @Override
    public final void start() {
        run();
        done = true;
    }

    @Override
    public final void stop() {
        done = false;
    }

    @Override
    public final boolean isRunning() {
        return done;
    }

    /** Returns a phase between Consul's watch and the callers' servers. */
    @Override
    public final int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
    }
}
