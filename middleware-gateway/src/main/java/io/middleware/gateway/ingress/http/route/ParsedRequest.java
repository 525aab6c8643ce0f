package io.middleware.gateway.ingress.http.route;

import io.middleware.gateway.ingress.http.result.ConnectError;
import io.netty.handler.codec.http.HttpHeaderNames;
import org.springframework.http.HttpHeaders;
import org.springframework.http.support.Netty4HeadersAdapter;
import reactor.netty.http.server.HttpServerRequest;

/**
 * What an HTTP request asks for.
 *
 * @param path    in its canonical form, percent-encoded
 * @param query   as it came; null where there is none
 * @param headers a view of the request's own
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

    /** Null where there is none. */
    String contentType() {
        return headers.getFirst(HttpHeaders.CONTENT_TYPE);
    }

    /** A browser asks whether a page of another origin may send a request; it does not send it yet. */
    boolean isPreflight() {
        return verb.equals("OPTIONS")
                && headers.containsHeader(HttpHeaders.ORIGIN)
                && headers.containsHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    }

    /** A body comes, or may come: its length is not known. */
    public boolean hasBody() {
        String length = headers.getFirst(HttpHeaderNames.CONTENT_LENGTH.toString());
        return length != null && !length.equals("0") || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
    }
}
