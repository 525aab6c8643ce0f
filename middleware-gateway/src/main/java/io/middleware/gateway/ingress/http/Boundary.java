package io.middleware.gateway.ingress.http;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.middleware.core.Code;
import io.middleware.gateway.protojson.ProtoJsonException;
import io.middleware.gateway.protojson.UnknownTypeException;
import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Mono;

/**
 * Where a caller's bytes become a message, and a server's message bytes for a caller. What goes wrong is somebody's mistake: in a
 * request its caller's, in a response its server's. Either is said in words, and nothing else comes out. Types that are met in a
 * {@code google.protobuf.Any} and are not known are looked up, and the translation is done again.
 */
final class Boundary {
    private static final int MOST_LOOKUPS = 8;
    private static final int LONGEST_LOOKUP_MILLIS = 1_000;

    private final LargeWork large;

    Boundary(LargeWork large) {
        this.large = large;
    }

    /** The framed message, or a {@link Refusal}: {@code INVALID_ARGUMENT}, naming what is wrong. */
    Mono<ByteBuf> request(Translation translation, byte[] body, Bounds bounds) {
        return translated(isLarge(translation, body), () -> translation.weight(body), bounds, () -> translation.message(body))
                .onErrorMap(ProtoJsonException.class, wrong -> ConnectError.invalidArgument(wrong.getMessage()));
    }

    /** The answer, or a {@link Refusal}: {@code INTERNAL}, naming what is wrong with the response. */
    Mono<HttpAnswer> response(Translation translation, byte[] message, Bounds bounds) {
        return translated(isLarge(translation, message), () -> translation.replyWeight(message), bounds,
                () -> translation.answer(message)).doOnNext(answer -> bounds.lease().growTo(answer.body().length))
                .onErrorMap(ProtoJsonException.class, wrong -> new ConnectError(Code.INTERNAL,
                        "the server's response cannot be given over HTTP: " + wrong.getMessage()).refusal());
    }

    private static boolean isLarge(Translation translation, byte[] bytes) {
        return bytes.length > LargeWork.LARGE && !translation.passes();
    }

    private <T> Mono<T> translated(boolean isLarge, LongSupplier weight, Bounds bounds, Supplier<T> work) {
        return translated(isLarge ? large.run(bounds, weight, work) : Mono.fromSupplier(work), bounds, MOST_LOOKUPS);
    }

    private static <T> Mono<T> translated(Mono<T> work, Bounds bounds, int lookups) {
        return work.onErrorResume(UnknownTypeException.class, unknown -> lookups == 0 ? Mono.error(unknown)
                : learned(unknown, bounds).flatMap(known -> known ? translated(work, bounds, lookups - 1) : Mono.error(unknown)));
    }

    /** Whether the type is known now; on the call's own loop. */
    private static Mono<Boolean> learned(UnknownTypeException unknown, Bounds bounds) {
        return Mono.create(sink -> {
            bounds.loop().schedule(() -> sink.success(false), LONGEST_LOOKUP_MILLIS, TimeUnit.MILLISECONDS);
            unknown.learn().thenAccept(known -> bounds.loop().execute(() -> sink.success(known)));
        });
    }
}
