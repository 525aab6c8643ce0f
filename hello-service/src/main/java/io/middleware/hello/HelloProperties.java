package io.middleware.hello;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The demo's settings.
 *
 * @param work        How long each reply takes, such as 2ms or 1s; 0 for as fast as possible.
 * @param concurrency How many replies are worked on at a time, while the others wait in a queue; 0 for all.
 * @param guestbook   The file of the signatures, where {@code spring.datasource.url} names no database for them.
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
