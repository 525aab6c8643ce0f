package io.middleware.gateway.ingress.envelope;

import io.middleware.core.Ticker;
import io.middleware.core.directory.Directory;
import io.middleware.gateway.GatewaySettings;
import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.ingress.http.json.JsonWorkers;
import io.middleware.gateway.schema.SchemaWatch;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class EnvelopeConfiguration {
    @Bean
    StreamMethods streamMethods(Directory directory, SchemaWatch schemas, CallReport report) {
        return new StreamMethods(directory, schemas, report.details());
    }

    @Bean
    StreamServices streamServices(
            StreamMethods methods, JsonWorkers workers, BodyBudget bodies, Ticker ticker, GatewaySettings settings) {
        return new StreamServices(
                methods,
                workers,
                bodies,
                ticker,
                Math.toIntExact(settings.http().largestMessage().toBytes()));
    }
}
