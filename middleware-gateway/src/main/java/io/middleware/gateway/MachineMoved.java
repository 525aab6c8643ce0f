package io.middleware.gateway;

import org.springframework.context.ApplicationEvent;

/** The address of this machine has changed: connections from the old address are dead, without any error on them. */
public final class MachineMoved extends ApplicationEvent {
    public MachineMoved(Object source) {
        super(source);
    }
}
