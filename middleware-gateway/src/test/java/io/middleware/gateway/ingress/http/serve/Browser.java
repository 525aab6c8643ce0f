package io.middleware.gateway.ingress.http.serve;

import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** A Chromium without a window, and one page in it, led by its DevTools protocol. */
public final class Browser implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final String LISTENING = "DevTools listening on ";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path profile = Files.createTempDirectory("browser");
    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonObject>> pending = new ConcurrentHashMap<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();

    /** Returns the program; null if this machine has none. */
    public static Path program() {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    public Browser() throws IOException, InterruptedException {
        process = new ProcessBuilder(
                        program().toString(),
                        "--headless=new",
                        // root, as whom CI runs, has no sandbox
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        URI devTools = URI.create(devTools(process.errorReader(StandardCharsets.UTF_8)));
        HttpRequest page = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + devTools.getPort() + "/json/new?about:blank"))
                .PUT(BodyPublishers.noBody())
                .build();
        String target = JsonParser.parseString(
                        client.send(page, BodyHandlers.ofString()).body())
                .getAsJsonObject()
                .get("webSocketDebuggerUrl")
                .getAsString();
        socket = client.newWebSocketBuilder()
                .buildAsync(URI.create(target), new Listener())
                .join();
        List.of("Page.enable", "Runtime.enable", "Log.enable", "Network.enable")
                .forEach(domain -> send(domain, new JsonObject()));
    }

    private static String devTools(BufferedReader errors) throws IOException {
        for (String line = errors.readLine(); line != null; line = errors.readLine()) {
            if (line.startsWith(LISTENING)) {
                // what follows is read and dropped, so that the browser does not wait
                Thread.ofVirtual().start(() -> errors.lines().forEach(dropped -> {}));
                return line.substring(LISTENING.length());
            }
        }
        throw new IOException("the browser ended");
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                onMessage(JsonParser.parseString(text.toString()).getAsJsonObject());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }

    private void onMessage(JsonObject message) {
        if (message.has("id")) {
            pending.remove(message.get("id").getAsInt()).complete(message);
            return;
        }
        JsonObject parameters = message.getAsJsonObject("params");
        switch (message.get("method").getAsString()) {
            case "Runtime.exceptionThrown" -> complaints.add(parameters.toString());
            case "Log.entryAdded" -> {
                if (parameters
                        .getAsJsonObject("entry")
                        .get("level")
                        .getAsString()
                        .equals("error")) {
                    complaints.add(parameters.toString());
                }
            }
            case "Network.requestWillBeSent" ->
                requests.add(parameters.getAsJsonObject("request").get("url").getAsString());
            default -> {}
        }
    }

    private JsonObject send(String method, JsonObject parameters) {
        JsonObject command = new JsonObject();
        int id = ids.incrementAndGet();
        command.addProperty("id", id);
        command.addProperty("method", method);
        command.add("params", parameters);
        CompletableFuture<JsonObject> response = new CompletableFuture<>();
        pending.put(id, response);
        socket.sendText(command.toString(), true);
        JsonObject message =
                response.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        if (message.has("error")) {
            throw new AssertionError(method + ": " + message.get("error"));
        }
        return message.getAsJsonObject("result");
    }

    public void open(String url) {
        JsonObject parameters = new JsonObject();
        parameters.addProperty("url", url);
        send("Page.navigate", parameters);
    }

    /** Returns the value of a JavaScript expression. */
    public String evaluate(String expression) {
        JsonObject parameters = new JsonObject();
        parameters.addProperty("expression", expression);
        JsonElement value =
                send("Runtime.evaluate", parameters).getAsJsonObject("result").get("value");
        return value == null || value.isJsonNull() ? "" : value.getAsString();
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

    @Override
    public void close() throws IOException {
        socket.abort();
        client.shutdownNow();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
        FileSystemUtils.deleteRecursively(profile);
    }
}
