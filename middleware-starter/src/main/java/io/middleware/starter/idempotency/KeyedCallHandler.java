package io.middleware.starter.idempotency;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles the calls of one method that honours keys. It is the last before the method: interceptors come first. */
final class KeyedCallHandler<Q, R> implements ServerCallHandler<Q, R> {
    private static final Logger LOG = LoggerFactory.getLogger(KeyedCallHandler.class);

    /** Of the time to the deadline, for the way of the refusal to the caller. */
    private static final long SHORTEST_RETURN = TimeUnit.MILLISECONDS.toNanos(20);

    private static final int SHARE_FOR_RETURN = 20;

    private final ServerCallHandler<Q, R> method;
    private final Set<Status.Code> finalErrors;
    private final KeyedCalls calls;

    KeyedCallHandler(ServerCallHandler<Q, R> method, Set<Status.Code> finalErrors, KeyedCalls calls) {
        this.method = method;
        this.finalErrors = finalErrors;
        this.calls = calls;
    }

    @Override
    public ServerCall.Listener<Q> startCall(ServerCall<Q, R> call, Metadata headers) {
        Optional<String> key;
        try {
            key = IdempotencyKey.of(headers);
        } catch (StatusException invalid) {
            call.close(invalid.getStatus(), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        if (key.isEmpty()) {
            return method.startCall(call, headers);
        }
        call.request(2); // the second would be one too many: the caller learns of it
        return new KeyedCall<>(call, headers, key.get(), this);
    }

    /** Runs the call, or responds as the first one with its key was responded to. */
    void run(KeyedCall<Q, R> keyed, ServerCall<Q, R> call, Q request) {
        if (Context.current().isCancelled()) {
            call.close(Status.CANCELLED.withDescription("the caller left before the call ran"), new Metadata());
            return;
        }
        byte[] bytes = RequestBytes.of(call.getMethodDescriptor(), request);
        CallKey key = CallKey.of(
                calls.scope().of(keyed.headers()), call.getMethodDescriptor().getFullMethodName(), keyed.key(), bytes);
        RecordedCall<Q, R> recorded = new RecordedCall<>(call);
        Clocked clocked = new Clocked();
        EffectLedger.Result result = calls.ledger()
                .runOnce(
                        key,
                        wait(calls.longestWait()),
                        !finalErrors.isEmpty(),
                        () -> clocked.run(() -> effect(keyed, recorded, request)));
        calls.meters().count(result, clocked.outside());
        switch (result) {
            case EffectLedger.Result.Executed(Duration expiresIn) -> recorded.release(expiresIn);
            case EffectLedger.Result.Discarded() -> recorded.release(null);
            case EffectLedger.Result.Replayed(StoredResponse response, Duration expiresIn) ->
                ReplayHeaders.replay(call, response, expiresIn);
            case EffectLedger.Result.Refused(var _, Status status) -> call.close(status, new Metadata());
        }
    }

    private Effect.Ended effect(KeyedCall<Q, R> keyed, RecordedCall<Q, R> recorded, Q request) {
        if (Context.current().isCancelled()) {
            recorded.fail(Status.CANCELLED.withDescription("the caller left before the call ran"), null);
            return Effect.Ended.WITH_NOTHING;
        }
        try {
            ServerCall.Listener<Q> listener = method.startCall(recorded, keyed.headers());
            keyed.onStarted(listener);
            listener.onReady();
            listener.onMessage(request);
            listener.onHalfClose();
        } catch (RuntimeException thrown) {
            StatusException status = calls.statusOf(thrown);
            if (status == null || !finalErrors.contains(status.getStatus().getCode())) {
                throw thrown;
            }
            recorded.fail(status.getStatus(), status.getTrailers());
        }
        if (!recorded.responded()) {
            LOG.error(
                    "{} returned before it had responded: a call with an idempotency key must be done by then, and is rolled back",
                    recorded.getMethodDescriptor().getFullMethodName());
        }
        return recorded.end(finalErrors);
    }

    private static Duration wait(Duration longest) {
        Deadline deadline = Context.current().getDeadline();
        if (deadline == null) {
            return longest;
        }
        long left = deadline.timeRemaining(TimeUnit.NANOSECONDS);
        long wait = left - Math.max(SHORTEST_RETURN, left / SHARE_FOR_RETURN);
        return Duration.ofNanos(Math.clamp(wait, 1, longest.toNanos()));
    }
}
