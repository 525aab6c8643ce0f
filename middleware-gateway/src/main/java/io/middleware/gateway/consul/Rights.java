package io.middleware.gateway.consul;

import java.io.IOException;
import tools.jackson.databind.JsonNode;

/**
 * Distinguishes complete responses from those that Consul has reduced to what the token may read. Consul 1.11 and newer
 * mark these with a header. Older ones do not, but each data centre has Consul's own service {@value #OWN}, so a
 * catalogue without it is reduced.
 *
 * <p>Rights may come back between a list and the catalogue that is to show whether it was reduced. So an empty list is believed if
 * the catalogue is complete and does not name the service either.
 *
 * <p>A token that was meant for some services only has never read a complete catalogue, and its responses are trusted.
 * When a token has lost rights, no response that removes something is trusted.
 */
final class Rights {
    private static final String OWN = "consul";
    private static final String WITHOUT_OWN = " lacks Consul's own: Consul has just started, or";
    private static final String REDUCED = " leaves out what the token may not read " + ConsulHttp.TOKEN_HINT;

    private boolean complete;
    private boolean onceComplete;

    /** Queries the catalogue. */
    @FunctionalInterface
    interface Query {
        ConsulHttp.Response<JsonNode> run() throws IOException, InterruptedException;
    }

    /**
     * Called with each catalogue of services.
     *
     * @throws IOException if it is not one, or is reduced although an earlier one was complete, or is empty
     */
    synchronized void onCatalogue(ConsulHttp.Response<JsonNode> response) throws IOException {
        JsonNode catalogue = response.body();
        if (!catalogue.isObject()) {
            throw new IOException("the response is not a catalogue of services");
        }
        complete = isComplete(response);
        if (!complete && (onceComplete || catalogue.isEmpty())) {
            throw new IOException("its catalogue of services" + (response.filtered() ? "" : WITHOUT_OWN) + REDUCED);
        }
        onceComplete |= complete;
    }

    /** Whether the last catalogue was complete, so that a service missing from it does not exist. */
    synchronized boolean isComplete() {
        return complete;
    }

    /**
     * Checks that a list of a service's instances can be trusted.
     *
     * @param none      it has no entry
     * @param filtered  Consul reports that it left something out
     * @param catalogue queried when the list itself does not show it
     * @throws IOException if it cannot be trusted, or the catalogue cannot be had
     */
    void requireComplete(String service, boolean none, boolean filtered, Query catalogue)
            throws IOException, InterruptedException {
        if (filtered ? none || wasComplete() : none && wasComplete() && !lacks(service, catalogue.run())) {
            throw new IOException("its list of instances of " + service + REDUCED);
        }
    }

    private synchronized boolean wasComplete() {
        return onceComplete;
    }

    /** Returns whether a catalogue shows that a service does not exist. */
    private static boolean lacks(String service, ConsulHttp.Response<JsonNode> catalogue) {
        return isComplete(catalogue) && !catalogue.body().has(service);
    }

    private static boolean isComplete(ConsulHttp.Response<JsonNode> catalogue) {
        return !catalogue.filtered() && catalogue.body().has(OWN);
    }
}
