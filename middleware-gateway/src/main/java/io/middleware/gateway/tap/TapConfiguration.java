package io.middleware.gateway.tap;

import io.middleware.gateway.GatewayIdentity;
import io.middleware.gateway.GatewaySettings;
import io.middleware.gateway.consul.RegistryLookup;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.ingress.http.route.Router;
import io.middleware.gateway.schema.SchemaWatch;
import io.middleware.gateway.tls.GatewayLinks;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Streams calls, if {@code middleware.gateway.tap.enabled} is true. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("middleware.gateway.tap.enabled")
class TapConfiguration {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);

    @Bean
    Tap tap() {
        return new Tap();
    }

    @Bean
    @ConditionalOnBooleanProperty("middleware.gateway.tap.messages")
    MessageCapture messageCapture(Tap tap) {
        return new MessageCapture(tap);
    }

    @Bean
    LineForms tapLines(GatewayIdentity identity, GatewaySettings settings, SchemaWatch schemas) {
        return new LineForms(
                identity.id(),
                settings.tap().messages()
                        ? new MessageJson(path -> schemas.schema().methods().get(path))
                        : null);
    }

    @Bean
    Documents tapDocuments(
            Tap tap,
            LineForms forms,
            GatewayIdentity identity,
            RegistryLookup registry,
            GatewayLinks links,
            Router router) {
        HttpClient http = links.on(HttpClient.newBuilder())
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_LIMIT)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
        return new TapDocuments(
                tap,
                forms,
                (target, asker, sink, refused) -> new PeerTaps(
                        identity.id(),
                        registry,
                        http,
                        gateway -> links.request(gateway.host(), gateway.port(), target, asker),
                        sink,
                        refused),
                router::serves);
    }

    @Bean
    DrainEndsTaps drainEndsTaps(Tap tap) {
        return new DrainEndsTaps(tap);
    }

    /** Ends the streams once Nginx knows that the gateway drains, as the server waits for their end. */
    record DrainEndsTaps(Tap tap) implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>>, Ordered {
        @Override
        public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> readiness) {
            if (readiness.getState() == ReadinessState.REFUSING_TRAFFIC) {
                tap.end();
            }
        }

        @Override
        public int getOrder() {
            return LOWEST_PRECEDENCE;
        }
    }
}
