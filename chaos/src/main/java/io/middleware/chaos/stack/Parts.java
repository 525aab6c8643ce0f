package io.middleware.chaos.stack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The parts of the stack. */
public record Parts(List<Part> all) {

    private static final Map<String, Integer> NGINX_PORTS = Map.of("nginx http", 8080, "nginx grpc", 9090);
    private static final JsonMapper JSON = new JsonMapper();

    /** Reads them from {@code ./stack status --json}. */
    public static Parts of(Stack stack) {
        List<Part> all = new ArrayList<>();
        for (JsonNode part :
                JSON.readTree(stack.run("status", "--json").output()).get("parts")) {
            Map<String, Integer> ports = new HashMap<>();
            part.get("ports")
                    .propertyStream()
                    .forEach(port -> ports.put(port.getKey(), port.getValue().asInt()));
            String host = "127.0.0.1";
            if (part.path("container").isString()) {
                // This program then runs in the containers' network: it reaches each by name, and Nginx at its inner
                // ports.
                host = part.get("container").asString();
                ports.replaceAll((name, port) ->
                        NGINX_PORTS.getOrDefault(part.get("kind").asString() + " " + name, port));
            }
            all.add(new Part(
                    part.get("name").asString(),
                    part.get("kind").asString(),
                    part.path("pool").asString(null),
                    host,
                    ports));
        }
        return new Parts(List.copyOf(all));
    }

    public List<Part> primaries() {
        return all.stream().filter(part -> "primary".equals(part.pool())).toList();
    }

    public List<Part> secondaries() {
        return all.stream().filter(part -> "secondary".equals(part.pool())).toList();
    }

    public List<Part> servers() {
        return ofKind("service");
    }

    public List<Part> gateways() {
        return ofKind("gateway");
    }

    public Part nginx() {
        return ofKind("nginx").getFirst();
    }

    /** Returns the servers whose guestbooks hold all signatures together: one of them, if there is a database. */
    public List<Part> booksAt() {
        return database().isEmpty() ? servers() : servers().subList(0, 1);
    }

    public Optional<Part> database() {
        return ofKind("database").stream().findFirst();
    }

    public List<Part> ofKind(String kind) {
        return all.stream().filter(part -> part.kind().equals(kind)).toList();
    }
}
