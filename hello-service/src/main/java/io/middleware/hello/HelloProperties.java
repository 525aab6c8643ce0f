package io.middleware.hello;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the demo behaves.
 *
 * @param work        How long each answer takes, like 2ms or 1s; 0 is as fast as it can.
 * @param concurrency How many answers are worked on at once, the others waiting in a queue; 0 is all.
 * @param guestbook   The file of the signatures.
 */
@ConfigurationProperties("hello")
record HelloProperties(
        @DefaultValue("0ms") Duration work,
        @DefaultValue("0") int concurrency,
        Path guestbook) {

    HelloProperties {
        if (work.isNegative()) {
            throw new IllegalArgumentException("hello.work: expected 0 or more, was " + work);
        }
        if (concurrency < 0) {
            throw new IllegalArgumentException("hello.concurrency: expected 0 or more, was " + concurrency);
        }
    }
}
