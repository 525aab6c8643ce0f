package io.middleware.gateway;

import org.springframework.context.ApplicationEvent;

/** The machine of this gateway has another address: connections from the one before are dead, and nobody tells. */
public final class MachineMoved extends ApplicationEvent {
    public MachineMoved(Object source) {
        super(source);
    }
}
