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

    /** Who may read a document, where rules say who may do what. */
    enum Access {
        /** Whom the rules let in. */
        RULES,
        /** The same; but a person whom they do not let in gets the page with the refusal, as it asks for a credential. */
        PAGE,
        /** All: a part of the program that says nothing of what it serves. */
        ALL
    }

    /**
     * Returns the response to a request; null if the path is no document, or belongs to a service.
     *
     * @param request of which the body may be read
     */
    @Nullable
    Mono<? extends HttpReply> find(ParsedRequest parsed, HttpServerRequest request);

    /** Returns who may read the document that is {@linkplain #find found} for a request. */
    default Access access(ParsedRequest request) {
        return Access.RULES;
    }

    /** Returns all of these as one; where two have the same path, the first one responds. */
    static Documents of(List<Documents> all) {
        return new AllDocuments(List.copyOf(all));
    }
}
