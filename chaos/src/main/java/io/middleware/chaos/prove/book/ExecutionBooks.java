package io.middleware.chaos.prove.book;

import io.middleware.chaos.stack.Clock;
import io.middleware.chaos.stack.Part;
import io.middleware.chaos.stack.Stack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The servers' books, read at {@code /actuator/executions} of each. Servers with one database tell the same, others
 * only their own.
 */
public final class ExecutionBooks {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final Duration MOST = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();

    private final List<URI> servers;
    private final Clock clock;
    private final Map<URI, Long> read = new LinkedHashMap<>();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /** @param servers addresses of their management ports */
    public ExecutionBooks(List<URI> servers, Clock clock) {
        this.servers = servers;
        this.clock = clock;
    }

    /** Returns the addresses of the stack's servers. */
    public static List<URI> of(List<Part> servers) {
        return servers.stream()
                .map(server -> URI.create("http://" + server.host() + ":"
                        + Objects.requireNonNull(server.ports().get("management"))))
                .toList();
    }

    /**
     * Turns to the last page of each: what is there already is of no interest.
     *
     * @throws Stack.StackException if a server has no such book
     */
    public void begin() {
        servers.forEach(server ->
                read.put(server, page(server, Long.MAX_VALUE).path("next").asLong(0)));
    }

    /**
     * Reads what was written since the beginning. Waits until nothing has been added for a while: a server that was
     * frozen may still have had calls to execute.
     */
    public List<Execution> settled() throws InterruptedException {
        List<Execution> before = all();
        long limit = clock.micros() + MOST.toNanos() / 1_000;
        while (clock.micros() < limit) {
            clock.sleep(QUIET);
            List<Execution> now = all();
            if (now.size() == before.size()) {
                return now;
            }
            before = now;
        }
        throw new Stack.StackException("servers still execute calls, " + MOST.toSeconds() + " s after the last");
    }

    private List<Execution> all() {
        // servers with one database tell the same
        Map<String, Execution> all = new LinkedHashMap<>();
        for (URI server : servers) {
            long after = read.getOrDefault(server, 0L);
            List<Execution> some;
            do {
                JsonNode page = page(server, after);
                some = executions(page);
                some.forEach(execution -> all.put(execution.id(), execution));
                after = page.path("next").asLong(after);
            } while (!some.isEmpty());
        }
        return List.copyOf(all.values());
    }

    private static List<Execution> executions(JsonNode page) {
        List<Execution> executions = new ArrayList<>();
        page.path("executions").forEach(each -> executions.add(JSON.treeToValue(each, Execution.class)));
        return executions;
    }

    private JsonNode page(URI server, long after) {
        URI uri = server.resolve("/actuator/executions?after=" + after);
        try {
            HttpResponse<String> response =
                    client.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
            if (response.statusCode() == 404) {
                throw new Stack.StackException(
                        server + " does not record what it executes: it needs middleware.executions.record=true"
                                + " and a database.\nTo start such a stack: ./stack down && ./stack prove");
            }
            if (response.statusCode() != 200) {
                throw new Stack.StackException(
                        "the executions of " + server + " could not be read: " + response.body());
            }
            return JSON.readTree(response.body());
        } catch (IOException | JacksonException failed) {
            throw new Stack.StackException("the executions of " + server + " could not be read: " + failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Stack.StackException("interrupted");
        }
    }
}
