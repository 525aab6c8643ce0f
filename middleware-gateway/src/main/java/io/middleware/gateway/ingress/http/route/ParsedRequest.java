package io.middleware.gateway.ingress.http.route;

import io.middleware.gateway.ingress.http.result.AcceptEncoding;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.netty.handler.codec.http.HttpHeaderNames;
import org.springframework.http.HttpHeaders;
import org.springframework.http.support.Netty4HeadersAdapter;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The method, the target and the headers of an HTTP request.
 *
 * @param path    in its canonical form, percent-encoded
 * @param query   as it came; null if there is none
 * @param headers a view of the request's headers
 */
public record ParsedRequest(String verb, String path, String query, HttpHeaders headers) {

    /** @throws Refusal if the path is not percent-encoded */
    public static ParsedRequest of(HttpServerRequest request) {
        String target = RequestTarget.of(request);
        int question = target.indexOf('?');
        try {
            return new ParsedRequest(
                    request.method().name(),
                    RequestPath.canonical(question < 0 ? target : target.substring(0, question)),
                    question < 0 ? null : target.substring(question + 1),
                    new HttpHeaders(new Netty4HeadersAdapter(request.requestHeaders())));
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
    String contentType() {
        return headers.getFirst(HttpHeaders.CONTENT_TYPE);
    }

    /** Returns whether a browser asks if a page of another origin may send a request, before it sends that. */
    boolean isPreflight() {
        return verb.equals("OPTIONS")
                && headers.containsHeader(HttpHeaders.ORIGIN)
                && headers.containsHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    }

    /** Returns whether the caller takes a response that is compressed with gzip. */
    boolean takesGzip() {
        return AcceptEncoding.takesGzip(headers.getOrEmpty(HttpHeaders.ACCEPT_ENCODING));
    }

    /** Returns whether there is, or may be, a body. */
    public boolean hasBody() {
        String length = headers.getFirst(HttpHeaderNames.CONTENT_LENGTH.toString());
        return length != null && !length.equals("0") || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
    }
}
