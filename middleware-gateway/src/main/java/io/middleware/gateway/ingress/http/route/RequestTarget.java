package io.middleware.gateway.ingress.http.route;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Keeps the target of a request as it came. Reactor Netty refuses a target that {@link java.net.URI} does not parse,
 * with errors of its own form; so such a target travels inside the headers object, where no caller can put one.
 */
public final class RequestTarget {
    private static final String HARMLESS = "/";
    /** The ASCII characters that {@link java.net.URI} takes anywhere in a path or a query. */
    private static final boolean[] PLAIN = new boolean[128];

    static {
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?"
                .chars()
                .forEach(c -> PLAIN[c] = true);
    }

    private RequestTarget() {}

    private static final class Headers extends DefaultHttpHeaders {
        private final String target;

        Headers(HttpHeaders headers, String target) {
            this.target = target;
            add(headers);
        }
    }

    /** Returns the request itself, or one that the framework accepts. */
    public static HttpRequest shield(HttpRequest request) {
        return isPlain(request.uri())
                ? request
                : new DefaultHttpRequest(
                        request.protocolVersion(),
                        request.method(),
                        HARMLESS,
                        new Headers(request.headers(), request.uri()));
    }

    /** Returns path and query as they came, percent-encoded or not; for an absolute URL without scheme and host. */
    public static String of(HttpServerRequest request) {
        String target = request.requestHeaders() instanceof Headers kept ? kept.target : request.uri();
        int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
        int path = scheme < 0 ? 0 : target.indexOf('/', scheme + 3);
        return path < 0 ? HARMLESS : target.substring(path);
    }

    private static boolean isPlain(String target) {
        if (!target.startsWith("/")) {
            return false;
        }
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c == '%' && isHex(target, i + 1) && isHex(target, i + 2)) {
                i += 2;
            } else if (c >= PLAIN.length || !PLAIN[c]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHex(String target, int at) {
        return at < target.length() && Character.digit(target.charAt(at), 16) >= 0;
    }
}
