package io.middleware.starter.fault;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.middleware.starter.Pause;
import java.util.random.RandomGenerator;

/**
 * Applies the current fault to each call, except to health checks and reflection, which are about the server itself.
 */
final class FaultInterceptor implements ServerInterceptor {
    private final Pause pause;
    private final RandomGenerator random;
    private volatile InForce inForce = new InForce(new Fault.None(), new WorkQueue(0));

    /** {@code queue}: where calls wait for a place under a {@link Fault.Busy}. */
    private record InForce(Fault fault, WorkQueue queue) {}

    /** {@code pause}: delays the calling thread, which is the call's own. */
    FaultInterceptor(Pause pause, RandomGenerator random) {
        this.pause = pause;
        this.random = random;
    }

    Fault inForce() {
        return inForce.fault;
    }

    /** Applies a fault from the next call on. Calls that wait in a queue proceed at once. */
    synchronized void put(Fault newer) {
        WorkQueue before = inForce.queue;
        inForce = new InForce(newer, new WorkQueue(newer instanceof Fault.Busy busy ? busy.places() : 0));
        before.open();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String service = call.getMethodDescriptor().getServiceName();
        if (service != null && (service.startsWith("grpc.health.") || service.startsWith("grpc.reflection."))) {
            return next.startCall(call, headers);
        }
        InForce now = inForce;
        return switch (now.fault) {
            case Fault.None _ -> next.startCall(call, headers);
            case Fault.Unavailable _ -> refuse(call, Status.UNAVAILABLE, now.fault);
            case Fault.Internal _ -> refuse(call, Status.INTERNAL, now.fault);
            case Fault.Hang _ -> new ServerCall.Listener<>() {};
            case Fault.Flaky flaky
            when random.nextInt(100) < flaky.percent() -> refuse(call, Status.UNAVAILABLE, now.fault);
            case Fault.Flaky _ -> next.startCall(call, headers);
            case Fault.Slow slow -> {
                hold(() -> pause.pause(slow.by()));
                yield next.startCall(call, headers);
            }
            case Fault.Busy busy -> {
                hold(() -> now.queue.pass(() -> pause.pause(busy.each())));
                yield next.startCall(call, headers);
            }
        };
    }

    private static void hold(WorkQueue.Work work) {
        try {
            work.run();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status, Fault fault) {
        call.close(status.withDescription("on purpose: fault " + fault), new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
