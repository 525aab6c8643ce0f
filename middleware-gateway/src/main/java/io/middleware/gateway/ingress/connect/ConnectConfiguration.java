package io.middleware.gateway.ingress.connect;

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
class ConnectConfiguration {
    @Bean
    ConnectProtocol connectProtocol(
            Directory directory,
            SchemaWatch schemas,
            JsonWorkers workers,
            BodyBudget bodies,
            Ticker ticker,
            CallReport report,
            GatewaySettings settings) {
        return new ConnectProtocol(new ConnectServices(
                new StreamMethods(directory, schemas, report.details()),
                workers,
                bodies,
                ticker,
                Math.toIntExact(settings.http().largestMessage().toBytes())));
    }
}
