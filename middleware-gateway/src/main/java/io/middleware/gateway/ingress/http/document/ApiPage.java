package io.middleware.gateway.ingress.http.document;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * The files of the page on which methods can be tried: Swagger UI from its WebJar, and what starts it. Read when first
 * requested, and then kept: two and a half megabytes.
 */
final class ApiPage {
    /** The path of the page itself. */
    static final String ROOT = "/api/";
    /** The path of the list of services, which is no file. */
    static final String SERVICES = ROOT + "services.json";

    /**
     * Nothing from elsewhere, no script in the page. Swagger UI has pictures in its style sheet, and adds the one style
     * whose hash this is; {@code ApiPageIT} notices when a newer one adds another.
     */
    private static final String SECURITY_POLICY = "default-src 'none'; script-src 'self'; "
            + "style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; "
            + "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String OWN = "/api-page/";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";
    private static final String IMAGE = "image/png";

    /** A file on the class path. */
    private record Source(String resource, String contentType) {}

    private final Map<String, Source> sources;
    private final Map<String, CompletableFuture<StoredDocument>> files = new ConcurrentHashMap<>();
    private final Executor worker;

    ApiPage(Executor worker) {
        this.worker = worker;
        String webJar = webJar();
        this.sources = Map.of(
                ROOT,
                new Source(OWN + "index.html", HTML),
                ROOT + "start.js",
                new Source(OWN + "start.js", SCRIPT),
                ROOT + "swagger-ui.css",
                new Source(webJar + "swagger-ui.css", STYLE),
                ROOT + "swagger-ui-bundle.js",
                new Source(webJar + "swagger-ui-bundle.js", SCRIPT),
                ROOT + "swagger-ui-standalone-preset.js",
                new Source(webJar + "swagger-ui-standalone-preset.js", SCRIPT),
                ROOT + "favicon.png",
                new Source(webJar + "favicon-32x32.png", IMAGE));
    }

    boolean has(String path) {
        return sources.containsKey(path);
    }

    /** Returns the paths that the page consists of. */
    List<String> paths() {
        return List.copyOf(sources.keySet());
    }

    /** Returns the file at one of the {@linkplain #has paths}. */
    CompletableFuture<StoredDocument> get(String path) {
        return files.computeIfAbsent(path, first -> CompletableFuture.supplyAsync(() -> load(first), worker));
    }

    private StoredDocument load(String path) {
        Source source = sources.get(path);
        if (source == null) {
            throw new IllegalArgumentException(path + " (expected: one of " + sources.keySet() + ")");
        }
        return StoredDocument.of(
                source.contentType,
                read(source.resource),
                Map.of("Content-Security-Policy", SECURITY_POLICY, "Referrer-Policy", "no-referrer"));
    }

    private static byte[] read(String resource) {
        try (InputStream in = ApiPage.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the folder of Swagger UI, whose name has the version. */
    private static String webJar() {
        String properties = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
        try (InputStream in = ApiPage.class.getResourceAsStream(properties)) {
            if (in == null) {
                throw new IllegalStateException(properties + " is not on the class path");
            }
            Properties read = new Properties();
            read.load(in);
            return "/META-INF/resources/webjars/swagger-ui/" + read.getProperty("version") + "/";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
