package io.middleware.gateway.ingress.http.serve;

import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.ingress.Cors;
import java.time.Duration;
import org.springframework.util.unit.DataSize;

/**
 * The settings of calls over HTTP.
 *
 * @param report        what callers learn about the way of their calls
 * @param unaryDeadline for a call without a deadline of its caller's, in nanoseconds; 0 for none
 * @param largest       the most bytes of a message in either direction
 * @param cors          which pages in browsers may read responses
 */
record HttpOptions(CallReport report, long unaryDeadline, int largest, Cors cors) {
    /** @throws IllegalArgumentException if {@code largest} is out of its range; the message says what was expected */
    static HttpOptions of(CallReport report, Duration unaryDeadline, DataSize largest, Cors cors) {
        if (largest.toBytes() < 1024 || largest.toGigabytes() >= 1) {
            throw new IllegalArgumentException(
                    "http.largest-message: " + largest + " (expected: 1KB to less than 1GB)");
        }
        return new HttpOptions(report, unaryDeadline.toNanos(), (int) largest.toBytes(), cors);
    }
}
