package io.middleware.starter.tracing;

import io.grpc.Metadata;
import io.grpc.ServerInterceptor;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.binder.grpc.GrpcServerObservationContext;
import io.micrometer.observation.ObservationFilter;
import io.micrometer.tracing.exporter.SpanExportingPredicate;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.otlp.OtlpTracingAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Completes the spans that Boot makes of a gRPC server's calls. */
@AutoConfiguration(after = OtlpTracingAutoConfiguration.class)
@ConditionalOnClass({ServerInterceptor.class, GrpcServerObservationContext.class, SpanExporter.class})
@ConditionalOnBean(SpanExporter.class)
public class ServerSpansAutoConfiguration {
    private static final String CALL_ID = "x-call-id";
    private static final Metadata.Key<String> CALL_ID_KEY = Metadata.Key.of(CALL_ID, Metadata.ASCII_STRING_MARSHALLER);

    /** Adds the call's id to its span. Of high cardinality, so metrics do not get it. */
    @Bean
    ObservationFilter callIdFilter() {
        return context -> {
            if (context instanceof GrpcServerObservationContext call) {
                Metadata metadata = call.getCarrier();
                String id = metadata == null ? null : metadata.get(CALL_ID_KEY);
                if (id != null) {
                    call.addHighCardinalityKeyValue(KeyValue.of(CALL_ID, id));
                }
            }
            return context;
        };
    }

    /** Leaves out calls by gateways and probes, which are nobody's. */
    @Bean
    SpanExportingPredicate ownCallsOnly() {
        return span -> {
            String name = span.getName();
            return name == null || !name.startsWith("grpc.health.") && !name.startsWith("grpc.reflection.");
        };
    }
}
