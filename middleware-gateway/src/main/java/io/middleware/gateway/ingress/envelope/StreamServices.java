package io.middleware.gateway.ingress.envelope;

import io.middleware.core.Ticker;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.ingress.http.json.JsonWorkers;
import io.middleware.gateway.ingress.http.json.Translator;

/**
 * What all streams share.
 *
 * @param workers for large messages
 * @param bodies  bounds the messages that are held whole
 * @param largest the most bytes of a message that is held whole
 */
public record StreamServices(
        StreamMethods methods,
        Translator translator,
        JsonWorkers workers,
        BodyBudget bodies,
        Ticker ticker,
        int largest) {
    public StreamServices(StreamMethods methods, JsonWorkers workers, BodyBudget bodies, Ticker ticker, int largest) {
        this(methods, new Translator(workers, ticker), workers, bodies, ticker, largest);
    }
}
