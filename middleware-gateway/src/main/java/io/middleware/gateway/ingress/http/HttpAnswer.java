package io.middleware.gateway.ingress.http;

import java.util.Map;

/**
 * What goes back over HTTP, but for the headers of the call.
 *
 * @param headers besides the content's own
 */
record HttpAnswer(int status, String contentType, byte[] body, Map<String, String> headers) {

    HttpAnswer(int status, String contentType, byte[] body) {
        this(status, contentType, body, Map.of());
    }
}
