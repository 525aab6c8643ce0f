package io.middleware.gateway.ingress.http.json;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.Ticker;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.middleware.gateway.protojson.ProtoJsonException;
import io.middleware.gateway.protojson.UnknownTypeException;
import io.netty.buffer.ByteBuf;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Translates request bodies to messages, and response messages to bodies. An error in a request is its caller's, one in
 * a response its server's; both are reported as a {@link Refusal}. Unknown types in a {@code google.protobuf.Any} are
 * looked up, and the translation is done again.
 */
public final class Translator {
    private static final int MOST_TYPES = 100;
    /** For all look-ups of one message together. */
    private static final long LONGEST_LOOKUPS = TimeUnit.SECONDS.toNanos(8);

    private static final String UNGIVABLE = "the server's response cannot be given over HTTP: ";

    private final JsonWorkers workers;
    private final Ticker ticker;

    /** {@code ticker}: the clock of the deadlines. */
    public Translator(JsonWorkers workers, Ticker ticker) {
        this.workers = workers;
        this.ticker = ticker;
    }

    /** Thrown, without a stack trace, when a type could not be looked up: the server may or may not have it. */
    private static final class NotLookedUpException extends RuntimeException {
        private final boolean expired;

        /** {@code expired}: the call's deadline has passed. */
        NotLookedUpException(String typeName, String reason, boolean expired) {
            super(
                    "the type " + typeName + " of a google.protobuf.Any could not be looked up: " + reason,
                    null,
                    false,
                    false);
            this.expired = expired;
        }

        Refusal refusal(Code code, String prefix) {
            return new ConnectError(expired ? Code.DEADLINE_EXCEEDED : code, prefix + getMessage()).refusal();
        }
    }

    /**
     * Returns the framed message, or a {@link Refusal}: {@code INVALID_ARGUMENT}, naming what is wrong;
     * {@code UNAVAILABLE} if the type of an Any could not be looked up; {@code DEADLINE_EXCEEDED} if the deadline
     * passed before it was.
     */
    public Mono<ByteBuf> request(Translation translation, byte[] body, CallContext context) {
        return translated(
                        isLarge(body) && !translation.passes(),
                        () -> translation.weight(body),
                        context,
                        () -> translation.message(body))
                .onErrorMap(NotLookedUpException.class, failed -> failed.refusal(Code.UNAVAILABLE, ""))
                .onErrorMap(ProtoJsonException.class, wrong -> ConnectError.invalidArgument(wrong.getMessage()));
    }

    /**
     * Returns the result, or a {@link Refusal}: {@code INTERNAL}, naming what is wrong with the response or why the
     * type of an Any could not be looked up; {@code DEADLINE_EXCEEDED} if the deadline passed before it was.
     */
    public Mono<HttpResult> response(Translation translation, byte[] message, CallContext context) {
        return translated(
                        isLarge(message) && !translation.passesReply(),
                        () -> translation.replyWeight(message),
                        context,
                        () -> translation.answer(message))
                .doOnNext(answer -> context.lease().growTo(answer.body().length))
                .onErrorMap(NotLookedUpException.class, failed -> failed.refusal(Code.INTERNAL, UNGIVABLE))
                .onErrorMap(
                        ProtoJsonException.class,
                        wrong -> new ConnectError(Code.INTERNAL, UNGIVABLE + wrong.getMessage()).refusal());
    }

    private static boolean isLarge(byte[] bytes) {
        return bytes.length > JsonWorkers.LARGE;
    }

    private <T> Mono<T> translated(boolean isLarge, LongSupplier weight, CallContext context, Supplier<T> work) {
        Mono<T> once = isLarge ? workers.run(context, weight, work) : Mono.fromSupplier(work);
        return once.onErrorResume(
                UnknownTypeException.class,
                unknown -> translated(once, unknown, context, ticker.nanos() + LONGEST_LOOKUPS, new HashSet<>()));
    }

    /**
     * Looks the type up and translates again; {@code until}: on the ticker; {@code met}: the types of the rounds
     * before.
     */
    private <T> Mono<T> translated(
            Mono<T> work, UnknownTypeException unknown, CallContext context, long until, Set<String> met) {
        met.addAll(unknown.typeNames());
        if (met.size() > MOST_TYPES) {
            return Mono.error(new ProtoJsonException(
                    "a google.protobuf.Any of the type " + unknown.typeName() + " (expected: at most " + MOST_TYPES
                            + " types in a message that no file of the service imports)"));
        }
        return learned(unknown, context, until)
                .flatMap(known -> !known
                        ? Mono.error(unknown)
                        : work.onErrorResume(
                                UnknownTypeException.class, next -> translated(work, next, context, until, met)));
    }

    /** Looks the type up, and returns on the call's event loop whether it is known now. */
    private Mono<Boolean> learned(UnknownTypeException unknown, CallContext context, long until) {
        long now = ticker.nanos();
        boolean expires = context.deadline() != Call.NO_DEADLINE && context.deadline() - until < 0;
        long left = (expires ? context.deadline() : until) - now;
        // a failure travels as a value: a sink would log one that arrives after the call has ended
        return Mono.<Mono<Boolean>>create(sink -> {
                    Future<?> timeout = context.loop()
                            .schedule(
                                    () -> sink.success(Mono.error(new NotLookedUpException(
                                            unknown.typeName(),
                                            "the server's reflection has not responded in time",
                                            expires))),
                                    left,
                                    TimeUnit.NANOSECONDS);
                    sink.onDispose(() -> timeout.cancel(false));
                    unknown.learn()
                            .whenComplete((known, failure) -> context.loop()
                                    .execute(() -> sink.success(
                                            failure == null
                                                    ? Mono.just(known)
                                                    : Mono.error(new NotLookedUpException(
                                                            unknown.typeName(),
                                                            String.valueOf(failure.getMessage()),
                                                            false)))));
                })
                .flatMap(learned -> learned);
    }
}
