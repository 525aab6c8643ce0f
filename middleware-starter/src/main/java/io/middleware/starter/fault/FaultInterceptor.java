package io.middleware.starter.fault;

import java.util.random.RandomGenerator;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.middleware.starter.Pause;

/** Has the fault in force happen to each call, but to those by which others find out about the server itself. */
final class FaultInterceptor implements ServerInterceptor {
    private final Pause pause;
    private final RandomGenerator random;
    private volatile Fault fault = new Fault.None();

    /** {@code pause} holds the calling thread up, which is the call's own. */
    FaultInterceptor(Pause pause, RandomGenerator random) {
        this.pause = pause;
        this.random = random;
    }

    Fault inForce() {
        return fault;
    }

    /** From the next call on. */
    void put(Fault newer) {
        fault = newer;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String service = call.getMethodDescriptor().getServiceName();
        if (service != null && (service.startsWith("grpc.health.") || service.startsWith("grpc.reflection."))) {
            return next.startCall(call, headers);
        }
        return switch (fault) {
            case Fault.None _ -> next.startCall(call, headers);
            case Fault.Unavailable _ -> refuse(call, Status.UNAVAILABLE);
            case Fault.Internal _ -> refuse(call, Status.INTERNAL);
            case Fault.Hang _ -> new ServerCall.Listener<>() { };
            case Fault.Flaky flaky when random.nextInt(100) < flaky.percent() -> refuse(call, Status.UNAVAILABLE);
            case Fault.Flaky _ -> next.startCall(call, headers);
            case Fault.Slow slow -> {
                hold(slow);
                yield next.startCall(call, headers);
            }
        };
    }

    private void hold(Fault.Slow slow) {
        try {
            pause.pause(slow.by());
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status) {
        call.close(status.withDescription("on purpose: fault " + fault), new Metadata());
        return new ServerCall.Listener<>() { };
    }
}
