package io.middleware.client;

import java.util.List;
import java.util.Map;

/**
 * How an idempotent unary call is retried when the hedge budget is spent or all its hedges failed. It is retried at
 * most twice, 20 to 100 ms apart, when it ends {@code UNAVAILABLE}, as calls do that are in flight on a gateway that
 * dies. While most calls fail, none is retried. A gateway that responds {@code UNAVAILABLE} itself has tried
 * everything, and forbids a retry.
 */
final class Retrying {

    /** A gRPC service config that retries every method. */
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
            // a failure takes one of 1000 tokens, a success adds 0.2; below half of them nothing is retried
            "retryThrottling", Map.of("maxTokens", 1000.0, "tokenRatio", 0.2));

    private Retrying() {}
}
