package io.middleware.gateway.ingress.http.route;

import io.middleware.gateway.ingress.http.result.AcceptEncoding;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The method, the target and the headers of an HTTP request.
 *
 * @param path    in its canonical form, percent-encoded
 * @param query   as it came; null if there is none
 * @param headers the request's headers
 */
public record ParsedRequest(
        String verb, String path, @Nullable String query, HttpHeaders headers) {

    /** @throws Refusal if the path is not percent-encoded */
    public static ParsedRequest of(HttpServerRequest request) {
        String target = RequestTarget.of(request);
        int question = target.indexOf('?');
        try {
            return new ParsedRequest(
                    request.method().name(),
                    RequestPath.canonical(question < 0 ? target : target.substring(0, question)),
                    question < 0 ? null : target.substring(question + 1),
                    request.requestHeaders());
        } catch (IllegalArgumentException wrong) {
            throw ConnectError.invalidArgument("path " + wrong.getMessage());
        }
    }

    /** Returns whether the target of a {@code GET} has the mark of the Connect protocol. */
    public static boolean isConnectGet(String target) {
        int question = target.indexOf('?');
        return question >= 0 && ConnectGet.isMarked(target.substring(question + 1));
    }

    /** Returns the content type; null if there is none. */
    @Nullable
    String contentType() {
        return headers.get(HttpHeaderNames.CONTENT_TYPE);
    }

    /** Returns whether a browser asks if a page of another origin may send a request, before it sends that. */
    boolean isPreflight() {
        return verb.equals("OPTIONS")
                && headers.contains(HttpHeaderNames.ORIGIN)
                && headers.contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
    }

    /** Returns whether the caller takes a response that is compressed with gzip. */
    boolean takesGzip() {
        return AcceptEncoding.takesGzip(headers.getAll(HttpHeaderNames.ACCEPT_ENCODING));
    }

    /** Returns whether there is, or may be, a body. */
    public boolean hasBody() {
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        return length != null && !length.equals("0") || headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
    }
}
