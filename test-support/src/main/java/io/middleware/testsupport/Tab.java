package io.middleware.testsupport;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One page of a {@link Browser}, led by the DevTools protocol. */
public class Tab {
    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();

    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();

    /** {@code address}: of the page's DevTools. */
    Tab(HttpClient client, URI address) {
        socket =
                client.newWebSocketBuilder().buildAsync(address, new Listener()).join();
        List.of("Page.enable", "Runtime.enable", "Log.enable", "Network.enable")
                .forEach(domain -> send(domain, Map.of()));
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                onMessage(JSON.readTree(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }

    private void onMessage(JsonNode message) {
        if (message.has("id")) {
            Objects.requireNonNull(pending.remove(message.get("id").asInt())).complete(message);
            return;
        }
        JsonNode parameters = message.get("params");
        switch (message.get("method").asString()) {
            case "Runtime.exceptionThrown" -> complaints.add(parameters.toString());
            case "Log.entryAdded" -> {
                if (parameters.at("/entry/level").asString().equals("error")) {
                    complaints.add(parameters.toString());
                }
            }
            case "Network.requestWillBeSent" ->
                requests.add(parameters.at("/request/url").asString());
            default -> {}
        }
    }

    private JsonNode send(String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> response = new CompletableFuture<>();
        pending.put(id, response);
        socket.sendText(JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true);
        JsonNode message =
                response.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        if (message.has("error")) {
            throw new AssertionError(method + ": " + message.get("error"));
        }
        return message.get("result");
    }

    public void open(String url) {
        send("Page.navigate", Map.of("url", url));
    }

    /** Sets the size of the page's window, in pixels. */
    public void resize(int width, int height) {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Writes what the window shows as PNG. */
    public void takePicture(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        String data = send("Page.captureScreenshot", Map.of("format", "png"))
                .get("data")
                .asString();
        Files.write(file, Base64.getDecoder().decode(data));
    }

    /** Returns the value of a JavaScript expression; an empty string for null. */
    public String evaluate(String expression) {
        return send("Runtime.evaluate", Map.of("expression", expression))
                .at("/result/value")
                .asString("");
    }

    /** Returns what axe finds that people with other needs than most cannot use, as JSON: {@code []} for nothing. */
    public String violations() throws IOException {
        try (InputStream axe = Browser.class.getResourceAsStream(AXE)) {
            evaluate(new String(axe.readAllBytes(), StandardCharsets.UTF_8) + "; ''");
        }
        evaluate("window.found = null; axe.run().then(result => window.found = JSON.stringify("
                + "result.violations.map(each => each.id + ': ' + each.nodes.map(node => node.html)))); ''");
        await().atMost(PATIENCE).until(() -> !evaluate("window.found").isEmpty());
        return evaluate("window.found");
    }

    /** Waits until the page has an element. */
    public void awaitElement(String selector) {
        await().atMost(PATIENCE)
                .until(() -> evaluate("document.querySelector(`" + selector + "`) !== null")
                        .equals("true"));
    }

    public void click(String selector) {
        awaitElement(selector);
        evaluate("document.querySelector(`" + selector + "`).click()");
    }

    /** Types into a field, as the page's own scripts notice it. */
    public void type(String selector, String text) {
        awaitElement(selector);
        evaluate("{ const field = document.querySelector(`" + selector + "`);"
                + "Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set.call(field, `" + text
                + "`); field.dispatchEvent(new Event('input', {bubbles: true}));"
                + "field.dispatchEvent(new Event('change', {bubbles: true})) }");
    }

    /** Waits until an element holds the text. */
    public void awaitText(String selector, String text) {
        await().atMost(PATIENCE)
                .until(
                        () -> evaluate("document.querySelector(`" + selector + "`)?.textContent"),
                        shown -> shown.contains(text));
    }

    /** Returns the errors of scripts, and what the page's policy or the network refused. */
    public Queue<String> complaints() {
        return complaints;
    }

    /** Returns the URLs that were requested. */
    public Queue<String> requests() {
        return requests;
    }
}
