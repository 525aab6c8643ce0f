package io.middleware.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;

/**
 * Sends each call to the channel that suits it: unary calls whose method's {@code idempotency_level} allows a repeat to
 * {@code hedging} while the budget lasts, to {@code retrying} after that or where all hedges were in vain, and all others to
 * {@code plain}.
 *
 * <p>Three channels, because gRPC fixes a channel's policy when it is built, before the methods to be called are known, and lets
 * no single call decline it.
 */
final class HedgingChannel extends Channel {

    private final Channel hedging;
    private final Channel retrying;
    private final Channel plain;
    private final HedgeBudget budget;
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
        // a stream may be silent by nature, and its hedge would repeat all that was sent
        boolean repeatable = method.getType() == MethodType.UNARY && method.isIdempotent();
        if (!repeatable) {
            return plain.newCall(method, options);
        }
        return budget.admit()
                ? new RetryOnceCall<>(
                        hedging.newCall(method, options.withStreamTracerFactory(spendPerHedge)),
                        () -> retrying.newCall(method, options))
                : retrying.newCall(method, options);
    }

    @Override
    public String authority() {
        return plain.authority();
    }
}
