package io.middleware.gateway.ingress.http.document;

import io.middleware.gateway.ingress.http.result.HttpReply;
import io.middleware.gateway.ingress.http.route.ParsedRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** Several as one. */
record AllDocuments(List<Documents> all) implements Documents {
    @Override
    public @Nullable Mono<? extends HttpReply> find(ParsedRequest parsed, HttpServerRequest request) {
        for (Documents documents : all) {
            Mono<? extends HttpReply> found = documents.find(parsed, request);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    @Override
    public Access access(ParsedRequest request) {
        for (Documents documents : all) {
            Access access = documents.access(request);
            if (access != Access.RULES) {
                return access;
            }
        }
        return Access.RULES;
    }
}
