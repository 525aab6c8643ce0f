package io.middleware.gateway.recorder;

import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.gateway.ConditionalOnDashboard;
import io.middleware.gateway.GatewayIdentity;
import io.middleware.gateway.GatewaySettings;
import io.middleware.gateway.consul.RegistryLookup;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.ingress.http.route.Router;
import io.middleware.gateway.tls.GatewayLinks;
import io.middleware.gateway.transport.EventLoops;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

/** Keeps records of calls where they may be shown. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnDashboard
class RecorderConfiguration {
    @Bean
    Recorder recorder(GatewaySettings settings, RegistryLookup registry) {
        GatewaySettings.Recorder recorder = settings.recorder();
        return new Recorder(
                recorder.unusual(), recorder.others(), recorder.oneIn(), InstantSource.system(), registry::age);
    }

    @Bean
    Documents recorderDocuments(
            Recorder recorder,
            GatewayIdentity identity,
            Settings settings,
            Ticker ticker,
            RegistryLookup registry,
            GatewayLinks links,
            Router router,
            EventLoops loops) {
        AllGateways gateways = new AllGateways(
                new Storyteller(recorder, identity.id(), settings, ticker),
                new OtherGateways(identity.id(), registry, links, Executors.newVirtualThreadPerTaskExecutor()));
        return new RecorderDocuments(
                gateways,
                router::serves,
                loops,
                new RecorderDocuments.Workers(
                        Schedulers.newBoundedElastic(1, 50, "calls-own"),
                        Schedulers.newBoundedElastic(4, 50, "calls")));
    }
}
