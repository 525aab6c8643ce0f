package io.middleware.gateway.recorder;

import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.record.CallListener;
import io.middleware.gateway.consul.RegistryLookup;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.tls.GatewayLinks;
import io.middleware.gateway.transport.EventLoops;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import reactor.core.scheduler.Schedulers;

/** What a gateway keeps of calls. {@code listener}: gets the calls. */
public record RecorderFixture(CallListener listener, Documents documents) {
    public static RecorderFixture of(String id, RegistryLookup registry, GatewayLinks links, EventLoops loops) {
        Recorder recorder = new Recorder(100, 100, 1, InstantSource.system(), registry::age);
        AllGateways gateways = new AllGateways(
                new Storyteller(recorder, id, Settings.defaults(), Ticker.system()),
                new OtherGateways(id, registry, links, Executors.newVirtualThreadPerTaskExecutor()));
        return new RecorderFixture(
                recorder,
                new RecorderDocuments(
                        gateways,
                        path -> false,
                        loops,
                        new RecorderDocuments.Workers(Schedulers.boundedElastic(), Schedulers.boundedElastic())));
    }
}
