package io.middleware.gateway.security;

import io.middleware.core.Call;
import java.util.Collection;
import java.util.Set;

/**
 * Other gateways, known by their certificates. Each asks the others for what it shows to a caller whom it has let in, so they may read
 * that whatever the rules say, and nothing else.
 */
final class PeerGateways {
    /** As documents are called, which no call of gRPC can be: those begin with a slash. */
    private static final Set<String> DOCUMENTS = Set.of("dashboard", "why", "tap");

    private final Set<String> names;

    /** {@code names}: of their certificates. */
    PeerGateways(Collection<String> names) {
        this.names = Set.copyOf(names);
    }

    /** Returns whether one of them asks for what gateways show. */
    boolean ask(Call call) {
        return call.peer() != null && names.contains(call.peer()) && DOCUMENTS.contains(call.path());
    }
}
