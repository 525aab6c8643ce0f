package io.middleware.gateway.recorder;

import io.middleware.gateway.consul.RegistryLookup;
import io.middleware.gateway.headers.Credentials;
import io.middleware.gateway.tls.GatewayLinks;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks all other gateways the same, at their port for HTTP callers. */
final class OtherGateways {
    private static final Logger log = LoggerFactory.getLogger(OtherGateways.class);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final long CONSUL_MILLIS = 300;
    private static final int LARGEST = 8 << 20;

    private final String own;
    private final RegistryLookup registry;
    private final ExecutorService executor;
    private final GatewayLinks links;
    private final HttpClient http;
    /** As Consul said when it responded last. */
    private volatile List<RegistryLookup.Gateway> known = List.of();

    /**
     * What they said.
     *
     * @param bodies  of those that responded with 200 in time
     * @param missing the others
     */
    record Answers(List<String> bodies, Missing missing) {
        static final Answers NONE = new Answers(List.of(), Missing.NONE);
    }

    /** Of one of them. {@code body}: empty if it gave none; {@code withheld}: as it did not get the asker's credentials. */
    private record Answer(String body, boolean withheld) {
        static final Answer NONE = new Answer("", false);
    }

    /** {@code own}: the id of this gateway. */
    OtherGateways(String own, RegistryLookup registry, GatewayLinks links, ExecutorService executor) {
        this.own = own;
        this.registry = registry;
        this.executor = executor;
        this.links = links;
        this.http = links.on(HttpClient.newBuilder())
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(LIMIT)
                .executor(executor)
                .build();
    }

    /** Asks all of them, unless one of them asks; blocks until each has responded or had its time. {@code target}: path and query. */
    Answers ask(String target, Asker asker) throws InterruptedException {
        if (asker.gateway()) {
            return Answers.NONE;
        }
        List<RegistryLookup.Gateway> others = gateways().stream()
                .filter(gateway -> !gateway.id().equals(own) && gateway.port() > 0)
                .toList();
        List<CompletableFuture<Answer>> answers = others.stream()
                .map(gateway -> ask(gateway, target, asker.credentials()))
                .toList();
        List<String> bodies = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        List<String> withheld = new ArrayList<>();
        for (int i = 0; i < others.size(); i++) {
            Answer answer = answers.get(i).join();
            if (answer.body.isEmpty()) {
                (answer.withheld ? withheld : silent).add(others.get(i).id());
            } else {
                bodies.add(answer.body);
            }
        }
        return new Answers(bodies, new Missing(silent, withheld));
    }

    /** Returns what Consul says; what it said last if it takes long: a frozen one must not make others wait. */
    private List<RegistryLookup.Gateway> gateways() throws InterruptedException {
        CompletableFuture<List<RegistryLookup.Gateway>> asked = new CompletableFuture<>();
        executor.execute(() -> {
            try {
                known = registry.gateways();
                asked.complete(known);
            } catch (Exception failed) {
                asked.completeExceptionally(failed);
            }
        });
        try {
            return asked.get(CONSUL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException noAnswer) {
            log.debug("Consul does not say which gateways there are: {}", noAnswer.toString());
            return known;
        }
    }

    private CompletableFuture<Answer> ask(RegistryLookup.Gateway gateway, String target, Credentials asker) {
        HttpRequest request;
        try {
            request = links.request(gateway.host(), gateway.port(), target, asker)
                    .header("Accept", "application/json")
                    .timeout(LIMIT)
                    .build();
        } catch (IllegalArgumentException noAddress) {
            return CompletableFuture.completedFuture(Answer.NONE);
        }
        CompletableFuture<HttpResponse<String>> response =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST));
        // the client's own limit does not cover the body
        return response.copy()
                .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .handle((answer, failure) -> {
                    response.cancel(true);
                    return failure != null
                            ? Answer.NONE
                            : new Answer(
                                    answer.statusCode() == 200 ? answer.body() : "",
                                    links.withheld(gateway.host(), asker, answer));
                });
    }
}
