package io.middleware.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;

/**
 * Chooses a channel for each call. Unary calls of idempotent methods (by their {@code idempotency_level}), and calls whose
 * {@linkplain HonouredKeys key} servers honour, go to {@code hedging} while the budget lasts, and to {@code retrying} after that or
 * when all hedges failed. All others go to {@code plain}; those with a key are retried once if a gateway will decide whether they
 * may run again.
 *
 * <p>There are three channels because gRPC fixes a channel's policy when it is built, before the methods are known, and
 * a single call cannot decline it.
 */
final class HedgingChannel extends Channel {

    private final Channel hedging;
    private final Channel retrying;
    private final Channel plain;
    private final HedgeBudget budget;
    private final HonouredKeys honoured = new HonouredKeys();
    private final ClientStreamTracer.Factory spendPerHedge;

    HedgingChannel(Channel hedging, Channel retrying, Channel plain, HedgeBudget budget) {
        this.hedging = hedging;
        this.retrying = retrying;
        this.plain = plain;
        this.budget = budget;
        this.spendPerHedge = new ClientStreamTracer.Factory() {
            @Override
            public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo attempt, Metadata headers) {
                if (attempt.isHedging()) {
                    budget.spend();
                }
                return new ClientStreamTracer() {};
            }
        };
    }

    @Override
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
        // not streams: silence is normal for them, and a hedge would have to send everything again
        if (method.getType() != MethodType.UNARY) {
            return plain.newCall(method, options);
        }
        if (options.getOption(IdempotencyKeys.KEYED)) {
            return newKeyedCall(method, options);
        }
        if (!method.isIdempotent()) {
            return plain.newCall(method, options);
        }
        return budget.admit()
                ? new RetryOnceCall<>(
                        newHedged(method, options), () -> retrying.newCall(method, options), trailers -> true)
                : retrying.newCall(method, options);
    }

    private <Q, R> ClientCall<Q, R> newKeyedCall(MethodDescriptor<Q, R> method, CallOptions options) {
        long begun = System.nanoTime();
        boolean known = honoured.contains(method.getFullMethodName());
        ClientCall<Q, R> first = known && budget.admit() ? newHedged(method, options) : plain.newCall(method, options);
        return honoured.learnFrom(
                new RetryOnceCall<>(
                        first,
                        () -> new ResentCall<>(retrying.newCall(method, options), begun),
                        trailers -> known || HonouredKeys.fromMiddleware(trailers)),
                method.getFullMethodName());
    }

    private <Q, R> ClientCall<Q, R> newHedged(MethodDescriptor<Q, R> method, CallOptions options) {
        return hedging.newCall(method, options.withStreamTracerFactory(spendPerHedge));
    }

    @Override
    public String authority() {
        return plain.authority();
    }
}
