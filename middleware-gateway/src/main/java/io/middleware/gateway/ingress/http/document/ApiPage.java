package io.middleware.gateway.ingress.http.document;

import io.middleware.gateway.transport.EventLoops;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;

/**
 * The files of the page on which methods can be tried: Swagger UI from its WebJar, and what starts it: two and a half
 * megabytes.
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
    private final StaticFiles files;

    ApiPage(Executor worker, EventLoops loops) {
        String webJar = webJar();
        this.files = new StaticFiles(
                Map.of(
                        ROOT,
                        OWN + "index.html",
                        ROOT + "start.js",
                        OWN + "start.js",
                        ROOT + "swagger-ui.css",
                        webJar + "swagger-ui.css",
                        ROOT + "swagger-ui-bundle.js",
                        webJar + "swagger-ui-bundle.js",
                        ROOT + "swagger-ui-standalone-preset.js",
                        webJar + "swagger-ui-standalone-preset.js",
                        ROOT + "favicon.png",
                        webJar + "favicon-32x32.png"),
                SECURITY_POLICY,
                worker,
                loops);
    }

    StaticFiles files() {
        return files;
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
