package io.middleware.gateway.ingress.http.document;

import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.route.ParsedRequest;
import io.middleware.gateway.transport.EventLoops;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import reactor.core.publisher.Mono;

/** The files of a page, from the class path. Each is read when it is first requested, and then kept. */
public final class StaticFiles {
    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png");

    private final Map<String, String> resources;
    private final Map<String, String> headers;
    private final Map<String, CompletableFuture<StoredDocument>> files = new ConcurrentHashMap<>();
    private final Executor worker;
    private final EventLoops loops;

    /**
     * @param resources      by the path of a request
     * @param securityPolicy what the page may load
     * @param worker         reads the files
     */
    public StaticFiles(Map<String, String> resources, String securityPolicy, Executor worker, EventLoops loops) {
        this.resources = Map.copyOf(resources);
        this.headers = Map.of("Content-Security-Policy", securityPolicy, "Referrer-Policy", "no-referrer");
        this.worker = worker;
        this.loops = loops;
    }

    public boolean has(String path) {
        return resources.containsKey(path);
    }

    /** Returns the paths that the page consists of. */
    public List<String> paths() {
        return List.copyOf(resources.keySet());
    }

    /** Sends the file at one of the {@linkplain #has paths}. */
    public Mono<HttpResult> send(ParsedRequest request, String path) {
        return StoredDocument.send(
                request,
                files.computeIfAbsent(path, first -> CompletableFuture.supplyAsync(() -> load(first), worker)),
                loops);
    }

    private StoredDocument load(String path) {
        String resource = resources.get(path);
        if (resource == null) {
            throw new IllegalArgumentException(path + " (expected: one of " + resources.keySet() + ")");
        }
        String contentType = CONTENT_TYPES.get(resource.substring(resource.lastIndexOf('.') + 1));
        if (contentType == null) {
            throw new IllegalArgumentException(resource + " (expected: one of " + CONTENT_TYPES.keySet() + ")");
        }
        return StoredDocument.of(contentType, read(resource), headers);
    }

    private static byte[] read(String resource) {
        try (InputStream in = StaticFiles.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
