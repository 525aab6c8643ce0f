package io.middleware.gateway.ingress.http.document;

import io.middleware.gateway.ingress.http.result.HttpReply;
import io.middleware.gateway.ingress.http.route.ParsedRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** What the gateway itself serves on the callers' port. Each bean of this type is asked before a method is looked up. */
public interface Documents {
    /** No path is a document. */
    Documents NONE = (parsed, request) -> null;

    /**
     * Returns the response to a request; null if the path is no document, or belongs to a service.
     *
     * @param request of which the body may be read
     */
    @Nullable
    Mono<? extends HttpReply> find(ParsedRequest parsed, HttpServerRequest request);

    /** Returns all of these as one; where two have the same path, the first one responds. */
    static Documents of(List<Documents> all) {
        List<Documents> asked = List.copyOf(all);
        return (parsed, request) -> {
            for (Documents documents : asked) {
                Mono<? extends HttpReply> found = documents.find(parsed, request);
                if (found != null) {
                    return found;
                }
            }
            return null;
        };
    }
}
