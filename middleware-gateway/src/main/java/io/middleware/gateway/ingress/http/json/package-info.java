/**
 * Turns request bodies into messages and response messages into bodies, within bounds of memory and time.
 *
 * <p>Begin with {@link io.middleware.gateway.ingress.http.json.Translator}, which runs a
 * {@link io.middleware.gateway.ingress.http.json.Translation} on the event loop or, for large bodies, on
 * {@link io.middleware.gateway.ingress.http.json.JsonWorkers}.
 * {@link io.middleware.gateway.ingress.http.json.BodyBudget} bounds the bytes of all bodies,
 * {@link io.middleware.gateway.ingress.http.json.JsonMemory} the heap of their translations.
 */
@NullMarked
package io.middleware.gateway.ingress.http.json;

import org.jspecify.annotations.NullMarked;
