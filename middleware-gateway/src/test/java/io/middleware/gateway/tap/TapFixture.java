package io.middleware.gateway.tap;

import io.middleware.core.record.CallListener;
import io.middleware.gateway.consul.RegistryLookup;
import io.middleware.gateway.headers.Credentials;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.tls.GatewayLinks;
import java.net.http.HttpClient;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A gateway's streams of calls. {@code listener}: gets the calls. */
public record TapFixture(CallListener listener, Documents documents) {
    public static TapFixture of(String id, RegistryLookup registry, GatewayLinks links) {
        Tap tap = new Tap();
        return new TapFixture(
                tap,
                new TapDocuments(
                        tap,
                        new LineForms(id, null),
                        (target, asker, sink, refused) -> peers(id, registry, links, target, asker, sink, refused),
                        path -> false));
    }

    static PeerTaps peers(
            String id,
            RegistryLookup registry,
            GatewayLinks links,
            String target,
            Credentials asker,
            Consumer<String> sink,
            UnaryOperator<String> refused) {
        return new PeerTaps(
                id,
                registry,
                links.on(HttpClient.newBuilder())
                        .version(HttpClient.Version.HTTP_1_1)
                        .build(),
                gateway -> links.request(gateway.host(), gateway.port(), target, asker),
                sink,
                refused);
    }
}
