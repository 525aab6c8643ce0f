package io.middleware.load;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.middleware.client.CallerCredential;
import io.middleware.client.TlsFiles;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where calls go, whether by TLS, and who makes them. */
final class Addresses {

    private final Map<String, String> environment = System.getenv();

    @Option(
            names = "--target",
            paramLabel = "HOST:PORT",
            description = "The gRPC port. Without it: $MIDDLEWARE_TARGET, else 127.0.0.1:9090; "
                    + "with --tls $MIDDLEWARE_TLS_TARGET, else localhost:8443.")
    private @Nullable String target;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The HTTP address. Without it: $MIDDLEWARE_URL, else http://127.0.0.1:8080; "
                    + "with --tls https:// and the gRPC port.")
    private @Nullable String url;

    @Option(
            names = "--tls",
            arity = "0..1",
            paramLabel = "FOLDER",
            fallbackValue = "${env:MIDDLEWARE_TLS_FOLDER:-.stack/tls}",
            description = "Calls by TLS, with ca.pem and client.pem of this folder, which may change meanwhile. "
                    + "Without FOLDER: $MIDDLEWARE_TLS_FOLDER, else .stack/tls.")
    private @Nullable Path tls;

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            description = "The API key in this file says who calls. Without a file: $MIDDLEWARE_API_KEY, if it is set.")
    private @Nullable Path apiKeyFile;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "The token (JWT) in this file says who calls; the file may change meanwhile.")
    private @Nullable Path tokenFile;

    private @Nullable TlsFiles files;

    String target() {
        if (target != null) {
            return target;
        }
        return tls == null
                ? environment.getOrDefault("MIDDLEWARE_TARGET", "127.0.0.1:9090")
                : environment.getOrDefault("MIDDLEWARE_TLS_TARGET", "localhost:8443");
    }

    private String url() {
        if (url != null) {
            return url;
        }
        return tls == null
                ? environment.getOrDefault("MIDDLEWARE_URL", "http://127.0.0.1:8080")
                : "https://" + target();
    }

    /** @throws IllegalArgumentException if a file cannot be used */
    ChannelCredentials credentials() {
        TlsFiles used = files();
        return used == null ? InsecureChannelCredentials.create() : used.credentials();
    }

    /** @throws IllegalArgumentException if a file cannot be used */
    HttpAccess http() {
        TlsFiles used = files();
        return new HttpAccess(url(), used == null ? null : used.context(), credential());
    }

    /** @throws IllegalArgumentException if a file cannot be used */
    CallerCredential credential() {
        return CallerCredential.of(apiKeyFile, tokenFile, environment.get("MIDDLEWARE_API_KEY"));
    }

    /** Reads them once. They are followed as long as this program runs. */
    private @Nullable TlsFiles files() {
        if (tls != null && files == null) {
            files = TlsFiles.of(tls.resolve("ca.pem"), tls.resolve("client.pem"));
        }
        return files;
    }
}
