package io.middleware.load;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes unary calls of one method, all with the same request. */
final class GrpcTarget<Q, R> implements Target {

    private static final Metadata.Key<String> CALL_ID = key("x-call-id");
    private static final Metadata.Key<String> PRIORITY = key(PriorityShare.HEADER);
    static final Metadata.Key<String> INSTANCE = key("middleware-instance");
    private static final Metadata.Key<String> GATEWAY = key("middleware-gateway");
    private static final Metadata.Key<String> ATTEMPTS = key("middleware-attempts");
    private static final Metadata.Key<String> FALLBACK = key("middleware-fallback");

    private final Channel channel;
    private final MethodDescriptor<Q, R> method;
    private final Q request;
    private final Expected<R> expected;
    private final long deadlineNanos;
    private final AutoCloseable connection;
    private final PriorityShare share;
    private final CallOptions options;

    /** Decides whether a response is the right one. */
    interface Expected<R> {
        boolean matches(R response);
    }

    /**
     * @param executor   runs the callbacks of calls
     * @param connection closed together with this target
     * @param share      which calls ask for a lower priority
     */
    GrpcTarget(
            Channel channel,
            MethodDescriptor<Q, R> method,
            Q request,
            Expected<R> expected,
            long deadlineNanos,
            Executor executor,
            AutoCloseable connection,
            PriorityShare share) {
        this.channel = channel;
        this.method = method;
        this.request = request;
        this.expected = expected;
        this.deadlineNanos = deadlineNanos;
        this.connection = connection;
        this.share = share;
        this.options = CallOptions.DEFAULT.withExecutor(executor);
    }

    @Override
    public void call(String callId, Consumer<Reply> end) {
        Metadata headers = new Metadata();
        headers.put(CALL_ID, callId);
        String wish = share.wish(callId);
        if (wish != null) {
            headers.put(PRIORITY, wish);
        }
        ClientCall<Q, R> call = channel.newCall(method, options.withDeadlineAfter(deadlineNanos, TimeUnit.NANOSECONDS));
        call.start(new Listener(end), headers);
        call.request(2);
        call.sendMessage(request);
        call.halfClose();
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (Exception e) {
            throw new IllegalStateException("a connection could not be closed", e);
        }
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private static String text(Metadata.Key<String> key, Metadata first, Metadata second) {
        String value = first.get(key);
        if (value == null) {
            value = second.get(key);
        }
        return value == null ? "" : value;
    }

    private final class Listener extends ClientCall.Listener<R> {

        private final Consumer<Reply> end;
        private Metadata headers = new Metadata();
        private @Nullable R response;

        Listener(Consumer<Reply> end) {
            this.end = end;
        }

        @Override
        public void onHeaders(Metadata received) {
            headers = received;
        }

        @Override
        public void onMessage(R message) {
            response = message;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end.accept(new Reply(
                    error(status),
                    text(INSTANCE, headers, trailers),
                    text(GATEWAY, headers, trailers),
                    Reply.attempts(text(ATTEMPTS, headers, trailers)),
                    text(FALLBACK, headers, trailers)));
        }

        private String error(Status status) {
            if (!status.isOk()) {
                return status.getCode() + ": " + status.getDescription();
            }
            return response != null && expected.matches(response) ? "" : "wrong response: " + response;
        }
    }
}
