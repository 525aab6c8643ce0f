package io.middleware.testsupport;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Consul's HTTP API as tests need it, independent of the client under test. */
public final class ConsulApi {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI base;
    private volatile String token = "";

    ConsulApi(String host, int port) {
        this.base = URI.create("http://" + host + ":" + port);
    }

    /** Returns whether this Consul has a leader, without which it is not usable. */
    boolean hasLeader() {
        try {
            HttpResponse<String> answer =
                    send(HttpRequest.newBuilder(base.resolve("/v1/status/leader")), Duration.ofSeconds(1));
            return answer.statusCode() == 200 && answer.body().contains(":");
        } catch (IOException notYet) {
            return false;
        }
    }

    /**
     * Sends GET to a path such as {@code /v1/agent/services}. Any status but 200 is an {@link IllegalStateException}.
     */
    public JsonNode get(String path) {
        return JSON.readTree(exchange(HttpRequest.newBuilder(base.resolve(path)), path));
    }

    /** Sends PUT with a JSON body, which may be empty. Any status but 200 is an {@link IllegalStateException}. */
    public void put(String path, String json) {
        exchange(HttpRequest.newBuilder(base.resolve(path)).PUT(BodyPublishers.ofString(json)), path);
    }

    /**
     * Sends PUT with a JSON body, and returns the response's. Any status but 200 is an {@link IllegalStateException}.
     */
    public JsonNode ask(String path, String json) {
        return JSON.readTree(
                exchange(HttpRequest.newBuilder(base.resolve(path)).PUT(BodyPublishers.ofString(json)), path));
    }

    /** Any status but 200 is an {@link IllegalStateException}. */
    public void delete(String path) {
        exchange(HttpRequest.newBuilder(base.resolve(path)).DELETE(), path);
    }

    /** Returns the same API for another token; without one it is empty. */
    public ConsulApi as(String other) {
        ConsulApi api = new ConsulApi(base.getHost(), base.getPort());
        api.use(other);
        return api;
    }

    /** Returns the token that is sent; empty when there is none. */
    public String token() {
        return token;
    }

    /** Creates a token with these rules, and returns its parts: {@code SecretID}, {@code AccessorID}. */
    public JsonNode createToken(String policy, String rules) {
        putPolicy(policy, rules);
        return ask("/v1/acl/token", JSON.writeValueAsString(Map.of("Policies", List.of(Map.of("Name", policy)))));
    }

    /** Creates the policy, or gives it other rules. */
    public void putPolicy(String name, String rules) {
        String known = StreamSupport.stream(get("/v1/acl/policies").spliterator(), false)
                .filter(policy -> policy.path("Name").asString("").equals(name))
                .map(policy -> "/" + policy.path("ID").asString(""))
                .findFirst()
                .orElse("");
        put("/v1/acl/policy" + known, JSON.writeValueAsString(Map.of("Name", name, "Rules", rules)));
    }

    /** Sends this token with all further requests. */
    void use(String newer) {
        token = newer;
    }

    /**
     * Registers an instance without a check, so that it is always passing.
     *
     * @param grpcServices full names, for {@code grpc-services-1}
     */
    public void registerInstance(
            String service, String id, String host, int port, String pool, List<String> grpcServices) {
        register(Map.of(
                "Name",
                service,
                "ID",
                id,
                "Address",
                host,
                "Port",
                port,
                "Tags",
                List.of("middleware", pool),
                "Meta",
                Map.of("grpc-services-1", String.join(",", grpcServices))));
    }

    /** Registers a service by the fields of {@code /v1/agent/service/register}. */
    public void register(Map<String, ?> service) {
        put("/v1/agent/service/register", JSON.writeValueAsString(service));
    }

    public void deregister(String id) {
        put("/v1/agent/service/deregister/" + encode(id), "");
    }

    /** Returns the catalogue's entry of an instance: its {@code Service} and its {@code Checks}. */
    public Optional<JsonNode> instance(String service, String id) {
        return StreamSupport.stream(get("/v1/health/service/" + encode(service)).spliterator(), false)
                .filter(entry -> entry.at("/Service/ID").asString().equals(id))
                .findFirst();
    }

    /** Returns {@code passing}, {@code warning} or {@code critical}, the worst of its checks, or {@code absent}. */
    public String status(String service, String id) {
        return instance(service, id).map(ConsulApi::worst).orElse("absent");
    }

    private static String worst(JsonNode entry) {
        List<String> statuses = StreamSupport.stream(entry.at("/Checks").spliterator(), false)
                .filter(check -> !check.at("/ServiceID").asString().isEmpty())
                .map(check -> check.at("/Status").asString())
                .toList();
        return statuses.contains("critical") ? "critical" : statuses.contains("warning") ? "warning" : "passing";
    }

    private String exchange(HttpRequest.Builder request, String path) {
        try {
            HttpResponse<String> answer = send(request, TIMEOUT);
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(
                        "Consul responded to " + path + " with " + answer.statusCode() + ": " + answer.body());
            }
            return answer.body();
        } catch (IOException noAnswer) {
            throw new IllegalStateException(
                    "Consul at " + base + " did not respond to " + path + ": " + noAnswer, noAnswer);
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request, Duration timeout) throws IOException {
        try {
            if (!token.isEmpty()) {
                request.setHeader("X-Consul-Token", token);
            }
            return http.send(request.timeout(timeout).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while calling Consul", interrupted);
        }
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
