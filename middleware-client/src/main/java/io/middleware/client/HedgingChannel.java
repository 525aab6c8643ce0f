package io.middleware.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;

/**
 * Chooses a channel for each call. Unary calls of idempotent methods (by their {@code idempotency_level}) go to {@code
 * hedging} while the budget lasts, and to {@code retrying} after that or when all hedges failed. All others go to
 * {@code plain}.
 *
 * <p>There are three channels because gRPC fixes a channel's policy when it is built, before the methods are known, and
 * a single call cannot decline it.
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
        // not streams: silence is normal for them, and a hedge would have to send everything again
        boolean hedgeable = method.getType() == MethodType.UNARY && method.isIdempotent();
        if (!hedgeable) {
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
