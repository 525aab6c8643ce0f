package io.middleware.gateway.ingress.http;

import java.util.Map;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;

import io.middleware.core.Directory;
import io.middleware.core.Failover;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.gateway.GatewaySettings;
import io.middleware.gateway.ingress.AnswerHeaders;
import io.middleware.gateway.schema.SchemaWatch;
import io.middleware.gateway.transport.EventLoops;

@Configuration(proxyBeanMethods = false)
class HttpIngressConfiguration {
    /** After the application's own pages, before WebFlux's static resources, which also take every path. */
    private static final int ORDER = 10;

    @Bean
    HttpIngress httpIngress(Directory directory, SchemaWatch schemas, Failover failover, EventLoops loops, Ticker ticker,
                            Settings calls, AnswerHeaders answers, GatewaySettings settings) {
        HttpIngress.Options options =
                HttpIngress.Options.of(answers, calls.unaryDeadline(), settings.http().largestMessage());
        return new HttpIngress(new Router(directory, schemas, answers.details()), failover, loops, ticker, options,
                BodyBudget.ofHeap(options.largest()), LargeWork.onThreads(ticker));
    }

    @Bean
    SimpleUrlHandlerMapping callMapping(HttpIngress ingress) {
        return new SimpleUrlHandlerMapping(Map.of("/**", ingress), ORDER);
    }
}
