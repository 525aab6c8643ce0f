package io.middleware.gateway.recorder;

import io.middleware.gateway.consul.RegistryLookup;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks all other gateways the same, at their port for HTTP callers. */
final class OtherGateways {
    private static final Logger log = LoggerFactory.getLogger(OtherGateways.class);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final String own;
    private final RegistryLookup registry;
    private final HttpClient http;
    /** As Consul said when it responded last. */
    private volatile List<RegistryLookup.Gateway> known = List.of();

    /** {@code own}: the id of this gateway. */
    OtherGateways(String own, RegistryLookup registry, Executor executor) {
        this.own = own;
        this.registry = registry;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(LIMIT)
                .executor(executor)
                .build();
    }

    /**
     * Returns the bodies of those that respond with 200 in time. Blocks.
     *
     * @param target path and query
     */
    List<String> ask(String target) throws InterruptedException {
        try {
            known = registry.gateways();
        } catch (IOException noAnswer) {
            log.debug("Consul does not say which gateways there are: {}", noAnswer.toString());
        }
        List<CompletableFuture<String>> answers = known.stream()
                .filter(gateway -> !gateway.id().equals(own) && gateway.port() > 0)
                .map(gateway -> ask(gateway, target))
                .toList();
        return answers.stream()
                .map(CompletableFuture::join)
                .filter(body -> !body.isEmpty())
                .toList();
    }

    private CompletableFuture<String> ask(RegistryLookup.Gateway gateway, String target) {
        String host = gateway.host().contains(":") ? "[" + gateway.host() + "]" : gateway.host();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + ":" + gateway.port() + target))
                .header("Accept", "application/json")
                .timeout(LIMIT)
                .build();
        CompletableFuture<HttpResponse<String>> response = http.sendAsync(request, BodyHandlers.ofString());
        return response.copy()
                .completeOnTimeout(null, LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .handle((answer, failure) -> {
                    response.cancel(true);
                    return answer != null && answer.statusCode() == 200 ? Objects.requireNonNull(answer.body()) : "";
                });
    }
}
