package io.middleware.gateway.ingress;

import io.middleware.gateway.headers.MetadataRules;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which pages of other origins may read responses in a browser (CORS, in the Fetch standard). A response to another
 * origin gets no allowance, and the browser withholds it; the call itself is made, as CORS protects callers and not
 * servers. No response allows credentials: a page sends a token in {@code authorization}, and its cookies stay away.
 */
public final class Cors {
    /** Allows no origin, and adds no header at all. */
    public static final Cors NONE = new Cors(Set.of());

    private static final String ANY = "*";
    private static final Pattern ORIGIN =
            Pattern.compile("[a-z][a-z0-9+.-]*://([a-z0-9._~-]+|\\[[0-9a-f:.]+])(:[0-9]+)?");
    private static final Pattern USUAL_PORT = Pattern.compile("(http://.*):80|(https://.*):443");
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
    /** What gRPC-Web, Connect and JSON calls send; a preflight may ask for more. */
    private static final List<String> REQUEST_HEADERS = List.of(
            "content-type",
            "connect-protocol-version",
            "connect-timeout-ms",
            "grpc-timeout",
            "x-grpc-web",
            "x-user-agent",
            "idempotency-key",
            "authorization",
            "x-call-id");
    /** Everything, as there are no credentials; the names are for browsers that do not know the asterisk. */
    private static final String EXPOSED = "*, grpc-status, grpc-message, grpc-status-details-bin, content-encoding, "
            + "x-call-id, middleware-instance, middleware-attempts, middleware-tried, middleware-gateway, "
            + "middleware-fallback, age, idempotency-replayed, idempotency-expires-in, middleware-idempotency-key";

    private static final String PREFLIGHT_VARIES = "Access-Control-Request-Method, Access-Control-Request-Headers";
    /** Chrome keeps a preflight no longer. */
    private static final String SECONDS_KEPT = "7200";

    private final Set<String> origins;

    private Cors(Set<String> origins) {
        this.origins = origins;
    }

    /**
     * Returns the policy that allows these origins; {@code *} allows all.
     *
     * @throws IllegalArgumentException if one is not an origin; the message says what was expected
     */
    public static Cors of(List<String> allowed) {
        Set<String> origins = allowed.stream()
                .map(String::strip)
                .filter(origin -> !origin.isEmpty())
                .map(Cors::checked)
                .collect(Collectors.toUnmodifiableSet());
        if (origins.contains(ANY) && origins.size() > 1) {
            throw new IllegalArgumentException(
                    "http.allowed-origins: " + String.join(",", allowed) + " (expected: * alone, or origins)");
        }
        return new Cors(origins);
    }

    /** Returns an origin as browsers write it: in lower case, without the scheme's usual port. */
    private static String checked(String given) {
        String origin = USUAL_PORT.matcher(given.toLowerCase(Locale.ROOT)).replaceFirst("$1$2");
        if (!origin.equals(ANY) && !ORIGIN.matcher(origin).matches()) {
            throw new IllegalArgumentException(
                    "http.allowed-origins: " + given
                            + " (expected: a scheme and a host, perhaps a port, such as https://shop.example:8443; or * for all)");
        }
        return origin;
    }

    /** Returns whether pages of this origin may read responses; {@code origin} is null if a request names none. */
    public boolean allows(@Nullable CharSequence origin) {
        return origin != null && (any() || origins.contains(origin.toString()));
    }

    private boolean any() {
        return origins.contains(ANY);
    }

    /**
     * Adds the headers of a response. Headers of the server with names in {@code access-control-} must be dropped: a
     * browser refuses two allowances.
     *
     * @param origin of the request; null if it names none
     */
    public void addTo(@Nullable CharSequence origin, BiConsumer<AsciiString, String> add) {
        if (origins.isEmpty()) {
            return;
        }
        addOrigin(origin, add);
        if (allows(origin)) {
            add.accept(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
    }

    private void addOrigin(@Nullable CharSequence origin, BiConsumer<AsciiString, String> add) {
        if (!any()) {
            add.accept(HttpHeaderNames.VARY, "Origin");
        }
        if (allows(origin)) {
            add.accept(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, any() ? ANY : String.valueOf(origin));
        }
    }

    /**
     * Returns whether a request is the preflight of an allowed origin: a browser asks whether a page may send a
     * request. The response is 204 with the headers of {@link #addPreflightTo}.
     *
     * @param header returns the value of a request header, or null
     */
    public boolean answersPreflight(CharSequence method, Function<AsciiString, @Nullable CharSequence> header) {
        return !origins.isEmpty()
                && AsciiString.contentEquals("OPTIONS", method)
                && header.apply(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD) != null
                && allows(header.apply(HttpHeaderNames.ORIGIN));
    }

    /** Adds the headers of the response to a preflight: all methods, and the request headers that it asks for. */
    public void addPreflightTo(
            Function<AsciiString, @Nullable CharSequence> header, BiConsumer<AsciiString, String> add) {
        addOrigin(header.apply(HttpHeaderNames.ORIGIN), add);
        add.accept(HttpHeaderNames.VARY, PREFLIGHT_VARIES);
        add.accept(
                HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS,
                with(METHODS, header.apply(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD)));
        add.accept(
                HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
                with(String.join(", ", REQUEST_HEADERS), header.apply(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS)));
        add.accept(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, SECONDS_KEPT);
    }

    /** Returns a list with those names of another that are valid and missing. */
    private static String with(String names, @Nullable CharSequence more) {
        Set<String> all = new LinkedHashSet<>(Arrays.asList(names.split(", ")));
        if (more != null) {
            Arrays.stream(more.toString().split(","))
                    .map(String::strip)
                    .filter(MetadataRules::isToken)
                    .forEach(all::add);
        }
        return String.join(", ", all);
    }
}
