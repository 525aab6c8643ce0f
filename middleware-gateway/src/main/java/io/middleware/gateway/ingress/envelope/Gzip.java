package io.middleware.gateway.ingress.envelope;

import io.middleware.core.Code;
import io.middleware.gateway.ingress.http.json.CallContext;
import io.middleware.gateway.ingress.http.json.Gunzip;
import io.middleware.gateway.ingress.http.json.JsonWorkers;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.FastGzip;
import reactor.core.publisher.Mono;

/** Compresses and decompresses messages; large ones off the event loops. */
final class Gzip {
    private final JsonWorkers workers;
    private final Gunzip unzip;

    /** {@code largest}: the most bytes of a decompressed message. */
    Gzip(JsonWorkers workers, int largest) {
        this.workers = workers;
        this.unzip = new Gunzip(
                workers,
                largest,
                new ConnectError(
                        Code.RESOURCE_EXHAUSTED,
                        "a message that decompresses to more than " + largest + " bytes (expected: at most that)"),
                new ConnectError(Code.INVALID_ARGUMENT, "a message is marked as compressed, but is not gzip"));
    }

    /** Returns the message, or a refusal if it is too large or not gzip. */
    Mono<byte[]> unzip(byte[] zipped, CallContext context) {
        return unzip.unzip(zipped, context);
    }

    /** Returns the message compressed. */
    Mono<byte[]> zip(byte[] message, CallContext context) {
        return message.length > JsonWorkers.LARGE
                ? workers.run(context, () -> 0, () -> FastGzip.zip(message))
                : Mono.fromSupplier(() -> FastGzip.zip(message));
    }
}
