package io.middleware.gateway.consul;

import java.io.IOException;
import tools.jackson.databind.JsonNode;

/**
 * Tells answers that are whole from those that Consul has thinned out by the rights of the token. Consul 1.11 and newer say so in
 * a header. An older one does not, but each data centre has Consul's own service {@value #OWN}: a catalogue without it is thinned
 * out, whatever else it lacks.
 *
 * <p>A token may be meant for some services only, and has never read a whole catalogue; what it may read is believed. A token
 * that has lost rights gets no answer believed that takes something away.
 */
final class Rights {
    private static final String OWN = "consul";
    private static final String REDUCED = " leaves out what the token may not read " + ConsulHttp.EXPECTED_TOKEN;

    private boolean whole;
    private boolean onceWhole;

    /** Asks for the catalogue. */
    @FunctionalInterface
    interface Question {
        ConsulHttp.Answer ask() throws IOException, InterruptedException;
    }

    /**
     * Takes note of a catalogue of services.
     *
     * @throws IOException if it is none, or lacks all that was there before, or all that there must be
     */
    synchronized void catalogue(ConsulHttp.Answer answer) throws IOException {
        JsonNode catalogue = answer.body();
        if (!catalogue.isObject()) {
            throw new IOException("it answered no catalogue of services");
        }
        whole = isWhole(answer);
        if (!whole && (onceWhole || catalogue.isEmpty())) {
            throw new IOException("its catalogue of services" + REDUCED);
        }
        onceWhole |= whole;
    }

    /** What the last catalogue does not name is not there. */
    synchronized boolean whole() {
        return whole;
    }

    /**
     * Whether an answer to a question for a service's instances can be believed.
     *
     * @param catalogue asked where the answer itself does not show it
     * @throws IOException if it cannot, or the catalogue cannot be had
     */
    void instances(String service, ConsulHttp.Answer answer, Question catalogue)
            throws IOException, InterruptedException {
        boolean none = answer.body().isEmpty();
        if (answer.filtered() ? none || readAll() : none && readAll() && !isWhole(catalogue.ask())) {
            throw new IOException("its list of instances of " + service + REDUCED);
        }
    }

    private synchronized boolean readAll() {
        return onceWhole;
    }

    private static boolean isWhole(ConsulHttp.Answer catalogue) {
        return !catalogue.filtered() && catalogue.body().has(OWN);
    }
}
