package io.middleware.client;

import java.util.List;
import java.util.Map;

/**
 * How a unary call that may be repeated, and for which no hedge is left, or all were in vain, is tried again: when it ends
 * {@code UNAVAILABLE}, as all do that were under way on a gateway that dies, after 20 to 100 ms, twice at most, and not while most
 * calls fail. A gateway that answers {@code UNAVAILABLE} itself has tried what can be tried, and forbids it.
 */
final class Retrying {

    /** As gRPC wants it: a service config that retries every method. */
    static final Map<String, ?> SERVICE_CONFIG = Map.of(
            "methodConfig",
                    List.of(Map.of(
                            "name",
                            List.of(Map.of()),
                            "retryPolicy",
                            Map.of(
                                    "maxAttempts",
                                    3.0,
                                    "initialBackoff",
                                    "0.02s",
                                    "maxBackoff",
                                    "0.1s",
                                    "backoffMultiplier",
                                    4.0,
                                    "retryableStatusCodes",
                                    List.of("UNAVAILABLE")))),
            // of 1000 tokens a failure takes one and a success gives 0.2; below half of them nothing is retried
            "retryThrottling", Map.of("maxTokens", 1000.0, "tokenRatio", 0.2));

    private Retrying() {}
}
