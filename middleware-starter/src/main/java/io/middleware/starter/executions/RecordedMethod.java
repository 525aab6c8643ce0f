package io.middleware.starter.executions;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records a call just before the application's code runs: when the request is complete or, where requests are a stream,
 * at once. It is the last before the method, so that nothing between the two can still refuse the call. What cannot be
 * recorded does not run.
 */
final class RecordedMethod<Q, R> implements ServerCallHandler<Q, R> {

    private static final Logger LOG = LoggerFactory.getLogger(RecordedMethod.class);

    private final ServerCallHandler<Q, R> method;
    private final Executions executions;

    RecordedMethod(ServerCallHandler<Q, R> method, Executions executions) {
        this.method = method;
        this.executions = executions;
    }

    @Override
    public ServerCall.Listener<Q> startCall(ServerCall<Q, R> call, Metadata headers) {
        if (call.getMethodDescriptor().getType().clientSendsOneMessage()) {
            return new Recorded(call, headers, method.startCall(call, headers));
        }
        return record(call, headers) ? method.startCall(call, headers) : new ServerCall.Listener<>() {};
    }

    /** Returns whether it is in the book. If not, the call has ended. */
    private boolean record(ServerCall<Q, R> call, Metadata headers) {
        try {
            executions.write(call.getMethodDescriptor(), headers);
            return true;
        } catch (RuntimeException failed) {
            LOG.warn(
                    "{} was not executed, as that could not be recorded: {}",
                    call.getMethodDescriptor().getFullMethodName(),
                    failed.getMessage());
            call.close(
                    Status.UNAVAILABLE.withDescription("not executed, as that could not be recorded"), new Metadata());
            return false;
        }
    }

    private final class Recorded extends SimpleForwardingServerCallListener<Q> {

        private final ServerCall<Q, R> call;
        private final Metadata headers;
        private boolean refused;

        Recorded(ServerCall<Q, R> call, Metadata headers, ServerCall.Listener<Q> listener) {
            super(listener);
            this.call = call;
            this.headers = headers;
        }

        @Override
        public void onHalfClose() {
            refused = !record(call, headers);
            if (!refused) {
                super.onHalfClose();
            }
        }

        @Override
        public void onCancel() {
            if (!refused) {
                super.onCancel();
            }
        }

        @Override
        public void onComplete() {
            if (!refused) {
                super.onComplete();
            }
        }
    }
}
