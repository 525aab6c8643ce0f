package io.middleware.gateway;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains that the gateway was stopped on purpose and did not fail. */
final class StoppedBeforeReadyFailureAnalyzer extends AbstractFailureAnalyzer<StoppedBeforeReadyException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, StoppedBeforeReadyException cause) {
        return new FailureAnalysis(
                "This gateway was told to end before it had opened its ports: "
                        + "Consul had not said yet which instances there are.",
                "Nothing has to be done. If Consul is not where it was looked for, set spring.cloud.consul.host and .port.",
                cause);
    }
}
