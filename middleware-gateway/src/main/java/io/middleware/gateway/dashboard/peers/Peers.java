package io.middleware.gateway.dashboard.peers;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.middleware.core.Ticker;
import io.middleware.gateway.consul.RegistryLookup;
import io.middleware.gateway.dashboard.chain.KnownPicture;
import io.middleware.gateway.dashboard.feed.Feed;
import io.middleware.gateway.dashboard.picture.GatewayPicture;
import io.middleware.gateway.headers.Credentials;
import io.middleware.gateway.tls.GatewayLinks;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks the other gateways for their own pictures. A gateway never asks another for the whole chain, so that questions
 * do not go round in circles.
 */
public final class Peers {
    /** Of one gateway alone. */
    public static final String PATH = "/dashboard/data";

    private static final Duration LIMIT = Duration.ofMillis(400);
    private static final long FORGOTTEN_AFTER = TimeUnit.MINUTES.toNanos(1);

    private final String own;
    private final Feed feed;
    private final Ticker ticker;
    private final GatewayLinks links;
    private final HttpClient http;
    private final Gson gson = new Gson();
    private final Map<String, Peer> peers = new ConcurrentHashMap<>();

    /** {@code own}: the id of this gateway; {@code feed}: learns which gateways fall silent. */
    public Peers(String own, Feed feed, Ticker ticker, GatewayLinks links, Executor executor) {
        this.own = own;
        this.feed = feed;
        this.ticker = ticker;
        this.links = links;
        this.http = links.on(HttpClient.newBuilder())
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(LIMIT)
                .executor(executor)
                .build();
    }

    /** Asks all others in the name of {@code asker}. The result completes when each has responded, or has had its time. */
    public CompletableFuture<Void> ask(List<RegistryLookup.Gateway> listed, Credentials asker) {
        long now = ticker.nanos();
        listed.stream()
                .filter(gateway -> !gateway.id().equals(own) && gateway.port() > 0)
                .forEach(gateway -> peers.computeIfAbsent(gateway.id(), id -> new Peer(id, now)));
        peers.forEach((id, peer) -> {
            boolean isListed = listed.stream().anyMatch(gateway -> gateway.id().equals(id));
            if (!isListed && now - peer.heard() > FORGOTTEN_AFTER) {
                peers.remove(id);
            } else if (!isListed) {
                missed(id, peer, "gateway-gone");
            }
        });
        return CompletableFuture.allOf(listed.stream()
                .filter(gateway -> peers.containsKey(gateway.id()))
                .map(gateway -> ask(gateway, Objects.requireNonNull(peers.get(gateway.id())), asker))
                .toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<?> ask(RegistryLookup.Gateway gateway, Peer peer, Credentials asker) {
        if (!peer.ask()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<HttpResponse<String>> response = send(gateway, asker);
        // the client's own limit does not cover the body
        return response.copy()
                .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .handle((heard, failure) -> {
                    GatewayPicture picture = failure == null && heard.statusCode() == 200 ? read(heard.body()) : null;
                    if (failure == null && links.withheld(gateway.host(), asker, heard)) {
                        withheld(gateway.id(), peer);
                    } else if (picture == null) {
                        response.cancel(true);
                        missed(gateway.id(), peer, "gateway-silent");
                    } else {
                        heard(gateway.id(), peer, picture);
                    }
                    return null;
                });
    }

    private CompletableFuture<HttpResponse<String>> send(RegistryLookup.Gateway gateway, Credentials asker) {
        try {
            HttpRequest own = links.request(gateway.host(), gateway.port(), PATH, asker)
                    .timeout(LIMIT)
                    .build();
            return http.sendAsync(own, BodyHandlers.ofString());
        } catch (IllegalArgumentException noAddress) {
            return CompletableFuture.failedFuture(noAddress);
        }
    }

    private @Nullable GatewayPicture read(String json) {
        try {
            return gson.fromJson(json, GatewayPicture.class);
        } catch (JsonParseException ofAnotherVersion) {
            return null;
        }
    }

    private void heard(String id, Peer peer, GatewayPicture picture) {
        if (peer.onPicture(picture, ticker.nanos())) {
            feed.add("gateway-back", "", id);
        }
    }

    private void withheld(String id, Peer peer) {
        if (peer.onWithheld()) {
            feed.add("gateway-withheld", "", id);
        }
    }

    private void missed(String id, Peer peer, String kind) {
        if (peer.onMissed()) {
            feed.add(kind, "", id);
        }
    }

    /** Returns the last picture of each. */
    public List<KnownPicture> known() {
        long now = ticker.nanos();
        return peers.values().stream().map(peer -> peer.known(now)).toList();
    }
}
