package io.middleware.hello;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the demo behaves.
 *
 * @param work How long each answer takes, like 2ms or 1s; 0 is as fast as it can.
 */
@ConfigurationProperties("hello")
record HelloProperties(@DefaultValue("0ms") Duration work) {

    HelloProperties {
        if (work.isNegative()) {
            throw new IllegalArgumentException("hello.work: expected 0 or more, was " + work);
        }
    }
}
