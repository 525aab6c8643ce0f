package io.middleware.gateway.transport;

import java.time.Duration;

/**
 * What callers may have of one port.
 *
 * @param connections the most at a time
 * @param streams the most at a time on one connection
 * @param head time until the first request, and for each head of a request by HTTP/1.1
 * @param idle how long a connection without a call is kept
 * @param framesPerSecond those that carry no part of a call; ten times as many at once
 * @param resetsPerSecond those of streams that are younger than a second; five times as many at once
 */
public record CallerLimits(
        int connections, int streams, Duration head, Duration idle, int framesPerSecond, int resetsPerSecond) {

    /** What applies where nothing is set, and to connections with servers. */
    public static final CallerLimits USUAL = new CallerLimits(
            10_000,
            4096,
            Duration.ofSeconds(10),
            Duration.ofHours(1),
            FloodGuard.FRAMES_PER_SECOND,
            FloodGuard.RESETS_PER_SECOND);
}
