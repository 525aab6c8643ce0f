package io.middleware.gateway.ingress.http.json;

import io.middleware.core.Ticker;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What all calls with JSON share, at both ports: the memory and the threads for large bodies. */
@Configuration(proxyBeanMethods = false)
public class JsonConfiguration {
    @Bean
    BodyBudget bodyBudget() {
        return BodyBudget.ofHeap();
    }

    @Bean
    JsonWorkers jsonWorkers(Ticker ticker) {
        return JsonWorkers.onThreads(JsonMemory.ofHeap(), ticker);
    }
}
