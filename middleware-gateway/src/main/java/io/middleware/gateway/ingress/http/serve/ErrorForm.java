package io.middleware.gateway.ingress.http.serve;

import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.ConnectHeaders;
import io.middleware.gateway.ingress.http.result.ContentTypes;
import io.middleware.gateway.ingress.http.result.GoogleError;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.route.ParsedRequest;
import io.middleware.gateway.ingress.http.route.RequestTarget;
import io.middleware.gateway.ingress.http.route.SystemParameters;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import reactor.netty.http.server.HttpServerRequest;

/** The form of errors that a caller understands. */
enum ErrorForm {
    /**
     * As they are: problem JSON (RFC 9457) where HTTP itself ends the call, Connect's error JSON where a method's code
     * does.
     */
    PLAIN {
        @Override
        HttpResult of(HttpResult answer) {
            return answer;
        }
    },
    /** Connect's error JSON for all of them. */
    CONNECT {
        @Override
        HttpResult of(HttpResult answer) {
            return answer.error() == null ? answer : answer.error().answer(answer.status(), answer.headers());
        }
    },
    /** Google's (AIP-193) for all of them. */
    GOOGLE {
        @Override
        HttpResult of(HttpResult answer) {
            return answer.error() == null ? answer : GoogleError.of(answer, answer.error());
        }
    };

    private static final String GOOGLE_CLIENT = "x-goog-api-client";

    abstract HttpResult of(HttpResult answer);

    /** Returns the error of a stream that has begun, as JSON. */
    byte[] inStream(ConnectError error) {
        return (this == GOOGLE ? GoogleError.json(error.answer().status(), error) : error.json())
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    static ErrorForm of(HttpServerRequest request) {
        return isGoogle(request) ? GOOGLE : isConnect(request) ? CONNECT : PLAIN;
    }

    private static boolean isGoogle(HttpServerRequest request) {
        String target = RequestTarget.of(request);
        int question = target.indexOf('?');
        return request.requestHeaders().contains(GOOGLE_CLIENT)
                || question >= 0 && SystemParameters.hasAlt(target.substring(question + 1));
    }

    private static boolean isConnect(HttpServerRequest request) {
        if (request.requestHeaders().contains(ConnectHeaders.VERSION)) {
            return true;
        }
        if (request.method().equals(HttpMethod.GET) && ParsedRequest.isConnectGet(RequestTarget.of(request))) {
            return true;
        }
        String type = request.requestHeaders().get(HttpHeaderNames.CONTENT_TYPE, "");
        return request.method().equals(HttpMethod.POST)
                && (type.startsWith(ContentTypes.JSON)
                        || type.startsWith(ContentTypes.PROTO)
                        || type.startsWith(ContentTypes.CONNECT_STREAM));
    }
}
