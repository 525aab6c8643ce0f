package io.middleware.gateway.ingress.http;

import java.util.Map;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;

import io.middleware.core.Directory;
import io.middleware.core.Failover;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.gateway.schema.SchemaWatch;
import io.middleware.gateway.transport.EventLoops;

@Configuration(proxyBeanMethods = false)
class HttpIngressConfiguration {
    /** After the application's own pages, before WebFlux's static resources, which also take every path. */
    private static final int ORDER = 10;

    @Bean
    HttpIngress httpIngress(Directory directory, SchemaWatch schemas, Failover failover, EventLoops loops, Ticker ticker,
                            Settings settings, @Value("#{@gatewayIdentity.id()}") String gatewayId,
                            @Value("${middleware.gateway.http.largest-message:16MB}") DataSize largest) {
        return new HttpIngress(new Router(directory, schemas), failover, loops, ticker,
                HttpIngress.Options.of(gatewayId, settings.unaryDeadline(), largest));
    }

    @Bean
    SimpleUrlHandlerMapping callMapping(HttpIngress ingress) {
        return new SimpleUrlHandlerMapping(Map.of("/**", ingress), ORDER);
    }
}
