package io.middleware.gateway.ingress.http.document;

import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.route.ParsedRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The documents on the callers' port. */
public interface Documents {
    /** No path is a document. */
    Documents NONE = request -> null;

    /** Returns the response to a request for a document; null if the path is none, or belongs to a service. */
    @Nullable
    Mono<HttpResult> find(ParsedRequest request);
}
