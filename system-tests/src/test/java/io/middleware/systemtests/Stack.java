package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.testsupport.Repository;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A stack of the tests' own: its state is under {@code target}, and its ports are moved away from a user's. */
final class Stack {

    /** Which of the two ways to run is under test. */
    static final RunMode MODE = RunMode.underTest();

    static final int OFFSET = 9000;
    static final String HTTP = "http://127.0.0.1:" + (8080 + OFFSET);
    static final int GRPC_PORT = 9090 + OFFSET;

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Path home = Repository.root().resolve("system-tests/target/stack-" + MODE);

    Path home() {
        return home;
    }

    /** {@code ./stack ARGUMENTS}, whatever comes of it. */
    Shell.Result run(String... arguments) {
        return Shell.run(environment(), command(arguments));
    }

    /** {@code ./stack ARGUMENTS}, which has to succeed. */
    Shell.Result runs(String... arguments) {
        return runs(Map.of(), arguments);
    }

    Shell.Result runs(Map<String, String> variables, String... arguments) {
        Map<String, String> environment = new HashMap<>(environment());
        environment.putAll(variables);
        Shell.Result result = Shell.run(environment, command(arguments));
        assertThat(result.exit())
                .as("./stack %s: %s%s", String.join(" ", arguments), result.err(), result.out())
                .isZero();
        return result;
    }

    /** Three primaries, a secondary and two gateways; what does not run is started. */
    Shell.Result up() {
        return runs("up", MODE.flag(), "--port-offset", Integer.toString(OFFSET));
    }

    Map<String, String> environment() {
        return Map.of("STACK_HOME", home.toString());
    }

    List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Repository.root().resolve("stack").toString());
        command.addAll(List.of(arguments));
        return command;
    }

    JsonNode status() {
        return JSON.readTree(run("status", "--json").out());
    }

    JsonNode part(String name) {
        return StreamSupport.stream(status().get("parts").spliterator(), false)
                .filter(part -> part.get("name").asString().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no part " + name + " in " + status()));
    }

    /** What there is of this stack besides files: command lines of processes, or names of containers. */
    List<String> remains() {
        return MODE.remains(this);
    }

    String state(String name) {
        return part(name).get("state").asString();
    }

    /** {@code GET} through Nginx. */
    HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers));
    }

    /** {@code POST} of JSON through Nginx. */
    HttpResponse<String> post(String path, String json) {
        return send(request(path, "Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** What any address answers. */
    static String body(String uri) {
        return send(HttpRequest.newBuilder(URI.create(uri))).body();
    }

    private static HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(HTTP + path)).timeout(Duration.ofSeconds(60));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofString());
        } catch (IOException noAnswer) {
            throw new AssertionError("Nginx gave no answer: " + noAnswer.getMessage(), noAnswer);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during a call", interrupted);
        }
    }
}
