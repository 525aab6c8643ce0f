package io.middleware.gateway.tracing;

import io.middleware.core.Ticker;
import io.middleware.gateway.GatewayIdentity;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SpanProcessors;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.otlp.OtlpTracingAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Traces calls where Spring Boot has an exporter of spans: with {@code management.opentelemetry.tracing.export.otlp.endpoint}. Is an
 * auto-configuration, as it has to come after the one that creates the exporter.
 */
@AutoConfiguration(after = OtlpTracingAutoConfiguration.class)
@ConditionalOnBean(SpanExporter.class)
public class TracingAutoConfiguration {
    private static final AttributeKey<String> INSTANCE = AttributeKey.stringKey("service.instance.id");

    @Bean
    CallTraces callTraces(Sampler sampler) {
        return new CallTraces(sampler);
    }

    /** First of the listeners, as the others may record timers. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    CallExemplars callExemplars() {
        return new CallExemplars();
    }

    @Bean
    SpanExport spanExport(SpanProcessors processors, Resource resource, GatewayIdentity identity, Ticker ticker) {
        Resource gateway = resource.merge(Resource.create(Attributes.of(INSTANCE, identity.id())));
        return new SpanExport(SpanProcessor.composite(processors.list()), gateway, ticker, Clock.getDefault());
    }
}
