package io.middleware.starter;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;

/**
 * Refuses bytes that are not the method's request with {@code INVALID_ARGUMENT}. By itself the library takes them for a
 * fault of the server: it answers {@code UNKNOWN}, and logs a stack trace for each.
 */
final class RequestParsing {

    private RequestParsing() {}

    /** The same service, but for what becomes of a request that cannot be read. */
    static ServerServiceDefinition checked(ServerServiceDefinition service) {
        ServiceDescriptor.Builder descriptor = ServiceDescriptor.newBuilder(
                        service.getServiceDescriptor().getName())
                .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
        var methods = service.getMethods().stream().map(RequestParsing::checked).toList();
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder checked = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(checked::addMethod);
        return checked.build();
    }

    private static <T, R> ServerMethodDefinition<Request<T>, R> checked(ServerMethodDefinition<T, R> method) {
        MethodDescriptor<T, R> descriptor = method.getMethodDescriptor();
        return ServerMethodDefinition.create(
                descriptor.toBuilder(new Requests<>(descriptor), descriptor.getResponseMarshaller())
                        .build(),
                new Handler<>(descriptor, method.getServerCallHandler()));
    }

    /** What was read: a message, or why there is none. */
    private record Request<T>(T message, Status refusal) {}

    private record Requests<T>(MethodDescriptor<T, ?> method) implements Marshaller<Request<T>> {

        @Override
        public Request<T> parse(InputStream bytes) {
            try {
                return new Request<>(method.parseRequest(bytes), null);
            } catch (StatusRuntimeException failed) {
                return new Request<>(null, refusal(failed));
            }
        }

        private Status refusal(StatusRuntimeException failed) {
            if (!(failed.getCause() instanceof InvalidProtocolBufferException malformed)) {
                return failed.getStatus(); // such as a message that is too large
            }
            return Status.INVALID_ARGUMENT.withDescription("the request of " + method.getFullMethodName()
                    + " is not the Protobuf message that is expected: " + malformed.getMessage());
        }

        @Override
        public InputStream stream(Request<T> request) {
            return method.streamRequest(request.message());
        }
    }

    private record Handler<T, R>(MethodDescriptor<T, R> method, ServerCallHandler<T, R> handler)
            implements ServerCallHandler<Request<T>, R> {

        @Override
        public Listener<Request<T>> startCall(ServerCall<Request<T>, R> call, Metadata headers) {
            CheckedCall<T, R> checked = new CheckedCall<>(call, method);
            return new CheckedListener<>(checked, handler.startCall(checked, headers));
        }
    }

    /** A call that may be refused while its handler, on whatever thread, is still about to answer it. */
    private static final class CheckedCall<T, R> extends SimpleForwardingServerCall<T, R> {

        private final MethodDescriptor<T, R> method;
        private boolean closed;
        private boolean refused;

        @SuppressWarnings("unchecked") // of the request's type a call has nothing but its descriptor, which is replaced
        CheckedCall(ServerCall<Request<T>, R> call, MethodDescriptor<T, R> method) {
            super((ServerCall<T, R>) (ServerCall<?, R>) call);
            this.method = method;
        }

        synchronized void refuse(Status why) {
            if (!closed) {
                super.close(why, new Metadata());
            }
            refused = true;
        }

        @Override
        public synchronized void sendHeaders(Metadata headers) {
            if (!refused) {
                super.sendHeaders(headers);
            }
        }

        @Override
        public synchronized void sendMessage(R message) {
            if (!refused) {
                super.sendMessage(message);
            }
        }

        @Override
        public synchronized void close(Status status, Metadata trailers) {
            if (!refused) {
                closed = true;
                super.close(status, trailers);
            }
        }

        @Override
        public synchronized boolean isCancelled() {
            return refused || super.isCancelled();
        }

        @Override
        public MethodDescriptor<T, R> getMethodDescriptor() {
            return method;
        }
    }

    /** Tells the handler of a refused call that it was cancelled, and nothing after that. */
    private static final class CheckedListener<T> extends Listener<Request<T>> {

        private final CheckedCall<T, ?> call;
        private final Listener<T> handler;
        private boolean refused;

        CheckedListener(CheckedCall<T, ?> call, Listener<T> handler) {
            this.call = call;
            this.handler = handler;
        }

        @Override
        public void onMessage(Request<T> request) {
            if (refused) {
                return;
            }
            if (request.refusal() == null) {
                handler.onMessage(request.message());
            } else {
                refused = true;
                call.refuse(request.refusal());
                handler.onCancel();
            }
        }

        @Override
        public void onHalfClose() {
            if (!refused) {
                handler.onHalfClose();
            }
        }

        @Override
        public void onReady() {
            if (!refused) {
                handler.onReady();
            }
        }

        @Override
        public void onCancel() {
            if (!refused) {
                handler.onCancel();
            }
        }

        @Override
        public void onComplete() {
            if (!refused) {
                handler.onComplete();
            }
        }
    }
}
