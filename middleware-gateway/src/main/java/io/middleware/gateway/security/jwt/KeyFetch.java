package io.middleware.gateway.security.jwt;

import io.middleware.starter.WrongSettingException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Gets keys from where an issuer publishes them. */
public final class KeyFetch {
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final int LARGEST = 1 << 20;

    private KeyFetch() {}

    /** @throws WrongSettingException if keys cannot be trusted from there; the message says what was expected */
    public static KeySource.Fetch from(String uri) {
        URI from = parsed(uri);
        if ("file".equals(from.getScheme()) && from.getPath() != null) {
            Path path = Path.of(from.getPath());
            return () -> Files.readString(path);
        }
        boolean secret = "https".equals(from.getScheme());
        if (from.getHost() == null || !secret && !("http".equals(from.getScheme()) && isLoopback(from.getHost()))) {
            throw wrong(uri);
        }
        HttpClient http = HttpClient.newBuilder().connectTimeout(LIMIT).build();
        HttpRequest request = HttpRequest.newBuilder(from)
                .header("Accept", "application/jwk-set+json, application/json")
                .build();
        return () -> get(http, request);
    }

    private static URI parsed(String uri) {
        try {
            return URI.create(uri);
        } catch (IllegalArgumentException malformed) {
            throw wrong(uri);
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return host.equals("localhost")
                    || InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    private static WrongSettingException wrong(String uri) {
        return new WrongSettingException(
                "middleware.security.jwt.jwks-uri: " + uri + " cannot be used",
                "Set it to https://..., file:/..., or http:// on loopback.");
    }

    private static String get(HttpClient http, HttpRequest request) throws IOException, InterruptedException {
        // the client's own limit does not cover the body
        var asked = http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST));
        try {
            HttpResponse<String> response = asked.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode());
            }
            return response.body();
        } catch (TimeoutException silent) {
            throw new IOException("no response within " + LIMIT.toSeconds() + " s");
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            throw new IOException(cause.getMessage() == null ? "no connection" : cause.getMessage());
        } finally {
            asked.cancel(true);
        }
    }
}
