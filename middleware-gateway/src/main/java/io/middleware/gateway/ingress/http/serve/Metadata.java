package io.middleware.gateway.ingress.http.serve;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.gateway.headers.MetadataRules;
import io.middleware.gateway.headers.MiddlewareHeaders;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Translates between HTTP headers and a call's metadata: all headers are metadata, except those that concern the
 * connection, the content or the protocols.
 */
final class Metadata {
    private static final Set<String> NOT_METADATA = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authorization",
            "proxy-authenticate",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings",
            "host",
            "expect",
            "content-type",
            "content-length",
            "content-encoding",
            "accept",
            "accept-encoding",
            "accept-charset",
            "date",
            "server");
    private static final Set<String> OURS = Set.of(
            MiddlewareHeaders.CALL_ID.toString(),
            MiddlewareHeaders.INSTANCE.toString(),
            MiddlewareHeaders.ATTEMPTS.toString(),
            MiddlewareHeaders.GATEWAY.toString(),
            MiddlewareHeaders.FALLBACK.toString(),
            MiddlewareHeaders.IDEMPOTENCY_KEY.toString(),
            MiddlewareHeaders.DEFER.toString(),
            MiddlewareHeaders.DEFERRED.toString(),
            MiddlewareHeaders.RESENT.toString(),
            MiddlewareHeaders.AWAIT_REQUEST.toString(),
            MiddlewareHeaders.CALLER.toString());
    private static final String TRAILER = "trailer-";
    /** Begins the names of headers that instruct Nginx. */
    private static final String TO_NGINX = "x-accel-";
    /** The most metadata of a response that Nginx passes: names, values and 32 bytes for each pair, as gRPC counts. */
    private static final int LARGEST = 64 << 10;

    private static final int OVERHEAD = 32;
    /** Begins the names of the headers by which the gateway itself says what browsers allow. */
    private static final String CORS = "access-control-";

    /** Begins the names of headers that Netty adds to a request that came by HTTP/2. */
    private static final String OF_CODEC = "x-http2-";

    private Metadata() {}

    /** Returns the headers of a call to {@code path}; {@code peer}: see {@link Call#peer}. */
    static Http2Headers toServer(HttpHeaders request, String path, CharSequence callId, @Nullable String peer) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        String host = request.get(HttpHeaderNames.HOST);
        headers.method("POST")
                .scheme("http")
                .path(path)
                .authority(host == null || !MetadataRules.isAuthority(host) ? "gateway" : host)
                .set("content-type", "application/grpc")
                .set("te", "trailers")
                .set("grpc-accept-encoding", "identity")
                .set(MiddlewareHeaders.CALL_ID, callId);
        Set<String> hopByHop = hopByHop(request);
        for (Map.Entry<String, String> header : request) {
            String key = header.getKey().toLowerCase(Locale.ROOT);
            if (isMetadata(key) && !OURS.contains(key) && !hopByHop.contains(key)) {
                add(headers, key, header.getValue());
            }
        }
        if (peer == null) {
            headers.remove(MiddlewareHeaders.CLIENT_CERTIFICATE);
        }
        return headers;
    }

    /** Adds a header, unless it is invalid as metadata: browsers and proxies send such headers unasked. */
    private static void add(Http2Headers headers, String key, String value) {
        switch (MetadataRules.judge(key, value)) {
            case PASS -> headers.add(key, value);
            case REPAIR -> {
                List<String> repaired = MetadataRules.repaired(key, value);
                if (repaired == null) {
                    throw ConnectError.invalidArgument("header " + key + ": " + value + " (expected: base64)");
                }
                headers.add(key, repaired);
            }
            case DROP, MALFORMED -> {}
        }
    }

    /** Returns whether the metadata of a response is small enough for all hops. */
    static boolean fits(@Nullable Http2Headers leading, @Nullable Http2Headers trailing) {
        return size(leading) + size(trailing) <= LARGEST;
    }

    static ConnectError tooLarge() {
        return new ConnectError(
                Code.RESOURCE_EXHAUSTED,
                "the response's metadata is larger than " + (LARGEST >> 10) + " KiB; the call was executed");
    }

    private static int size(@Nullable Http2Headers headers) {
        int size = 0;
        if (headers != null) {
            for (Map.Entry<CharSequence, CharSequence> header : headers) {
                if (isMetadata(header.getKey().toString())) {
                    size += header.getKey().length() + header.getValue().length() + OVERHEAD;
                }
            }
        }
        return size;
    }

    /** Adds the metadata of a response to its HTTP headers. */
    static void toCaller(@Nullable Http2Headers leading, @Nullable Http2Headers trailing, HttpHeaders answer) {
        add(leading, "", answer);
        add(trailing, TRAILER, answer);
    }

    private static void add(@Nullable Http2Headers from, String prefix, HttpHeaders answer) {
        if (from == null) {
            return;
        }
        for (Map.Entry<CharSequence, CharSequence> header : from) {
            String name = header.getKey().toString();
            String value = header.getValue().toString();
            String key = prefix.isEmpty() ? name : prefix + name;
            if (isMetadata(name) && !OURS.contains(key) && !name.startsWith(TO_NGINX)) {
                answer.add(key, value);
            }
        }
    }

    private static boolean isMetadata(String name) {
        return !NOT_METADATA.contains(name)
                && !name.startsWith("grpc-")
                && !name.startsWith("connect-")
                && !name.startsWith(CORS)
                && !name.startsWith(":")
                && !name.startsWith(OF_CODEC);
    }

    private static Set<String> hopByHop(HttpHeaders request) {
        List<String> connection = request.getAll(HttpHeaderNames.CONNECTION);
        return connection.isEmpty()
                ? Set.of()
                : connection.stream()
                        .flatMap(names ->
                                Arrays.stream(names.toLowerCase(Locale.ROOT).split(",")))
                        .map(String::strip)
                        .collect(Collectors.toSet());
    }
}
