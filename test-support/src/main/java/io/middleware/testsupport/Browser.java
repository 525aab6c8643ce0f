package io.middleware.testsupport;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** A Chromium without a window, and the first page in it. */
public final class Browser extends Tab implements AutoCloseable {
    /** Why tests are skipped on a machine without one. */
    public static final String MISSING =
            "no chromium on the PATH, in which the page is tried (Debian: apt-get install chromium)";

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final String LISTENING = "DevTools listening on ";
    private static final String EMPTY = "about:blank";
    private static final JsonMapper JSON = new JsonMapper();

    private final Running running;

    /** The program. {@code port}: of its DevTools. */
    private record Running(Process process, Path profile, HttpClient client, int port) {
        static Running start() throws IOException {
            Path profile = Files.createTempDirectory("browser");
            Process process = new ProcessBuilder(
                            program().orElseThrow().toString(),
                            "--headless=new",
                            // root, as whom CI runs, has no sandbox
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--no-first-run",
                            "--remote-debugging-port=0",
                            "--user-data-dir=" + profile,
                            EMPTY)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            URI devTools = URI.create(devTools(process.errorReader(StandardCharsets.UTF_8)));
            return new Running(process, profile, HttpClient.newHttpClient(), devTools.getPort());
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

        /** Opens an empty page, and returns the address of its DevTools. */
        URI newPage() throws IOException, InterruptedException {
            HttpRequest page = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new?" + EMPTY))
                    .PUT(BodyPublishers.noBody())
                    .build();
            return URI.create(
                    JSON.readTree(client.send(page, BodyHandlers.ofString()).body())
                            .get("webSocketDebuggerUrl")
                            .asString());
        }
    }

    /** Returns the program, if this machine has one. */
    public static Optional<Path> program() {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    public Browser() throws IOException, InterruptedException {
        this(Running.start());
    }

    private Browser(Running running) throws IOException, InterruptedException {
        super(running.client, running.newPage());
        this.running = running;
    }

    /** Opens one more page, which ends with the browser. */
    public Tab newTab() throws IOException, InterruptedException {
        return new Tab(running.client, running.newPage());
    }

    @Override
    public void close() throws IOException {
        running.client.shutdownNow();
        running.process.descendants().forEach(ProcessHandle::destroyForcibly);
        running.process.destroyForcibly().onExit().join();
        try (Stream<Path> files = Files.walk(running.profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
