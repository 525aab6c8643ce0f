package io.middleware.gateway;

import io.middleware.gateway.transport.CallerLimits;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a caller may have of a gateway, at both ports. What is not here is a constant; docs/limits.md lists all.
 *
 * @param httpConnections The most connections to the port for HTTP, from 1; one more is closed at once.
 * @param streams The most calls at a time on one connection by HTTP/2, from 1 to 100,000, at the port for gRPC.
 * @param httpStreams The same at the port for HTTP.
 * @param head How long a connection may take until its first request has come, and each head of a request by HTTP/1.1. From 100
 *     ms to 10 min.
 * @param idle How long a connection without a call is kept, from 1 s to 30 days. Longer than Nginx keeps its own, which is a minute.
 * @param framesPerSecond Frames by HTTP/2 that carry no part of a call, such as PING, at the port for gRPC: so many on and on, and
 *     ten times as many at once. From 10 to 1,000,000.
 * @param resetsPerSecond Streams that a connection may reset within a second of opening them, at the port for gRPC: so many on and
 *     on, and five times as many at once. From 1 to 1,000,000.
 */
public record LimitSettings(
        @DefaultValue("10000") int httpConnections,
        @DefaultValue("4096") int streams,
        @DefaultValue("1000") int httpStreams,
        @DefaultValue("10s") Duration head,
        @DefaultValue("1h") Duration idle,
        @DefaultValue("1000") int framesPerSecond,
        @DefaultValue("200") int resetsPerSecond) {

    /** @throws IllegalArgumentException if a value is out of its range; the message says what was expected */
    public LimitSettings {
        check(httpConnections >= 1, "http-connections", httpConnections, "1 or more");
        check(streams >= 1 && streams <= 100_000, "streams", streams, "1 to 100000");
        check(httpStreams >= 1 && httpStreams <= 100_000, "http-streams", httpStreams, "1 to 100000");
        check(within(head, Duration.ofMillis(100), Duration.ofMinutes(10)), "head", head, "100ms to 10m");
        check(within(idle, Duration.ofSeconds(1), Duration.ofDays(30)), "idle", idle, "1s to 30d");
        check(
                framesPerSecond >= 10 && framesPerSecond <= 1_000_000,
                "frames-per-second",
                framesPerSecond,
                "10 to 1000000");
        check(
                resetsPerSecond >= 1 && resetsPerSecond <= 1_000_000,
                "resets-per-second",
                resetsPerSecond,
                "1 to 1000000");
    }

    /** Returns those of the port for gRPC. {@code connections}: the most at a time. */
    public CallerLimits ofGrpc(int connections) {
        return new CallerLimits(connections, streams, head, idle, framesPerSecond, resetsPerSecond);
    }

    /** Returns those of the port for HTTP. */
    public CallerLimits ofHttp() {
        return new CallerLimits(httpConnections, httpStreams, head, idle, framesPerSecond, resetsPerSecond);
    }

    private static boolean within(Duration value, Duration least, Duration most) {
        return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    }

    private static void check(boolean right, String name, Object value, String expected) {
        if (!right) {
            throw new IllegalArgumentException("limits." + name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
