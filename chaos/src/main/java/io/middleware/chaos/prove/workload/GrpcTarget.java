package io.middleware.chaos.prove.workload;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes unary calls by gRPC. Responses stay bytes: they are only compared. */
final class GrpcTarget implements Target {

    private static final Metadata.Key<String> ATTEMPTS = key("middleware-attempts");
    private static final Metadata.Key<String> INSTANCE = key("middleware-instance");
    private static final Metadata.Key<String> GATEWAY = key("middleware-gateway");
    private static final Metadata.Key<String> REPLAYED = key("idempotency-replayed");

    private final ManagedChannel channel;
    private final Methods methods;
    private final Duration deadline;

    GrpcTarget(ManagedChannel channel, Methods methods, Duration deadline) {
        this.channel = channel;
        this.methods = methods;
        this.deadline = deadline;
    }

    @Override
    public Reply call(Request request) throws InterruptedException {
        Metadata headers = new Metadata();
        request.headers().forEach((name, value) -> headers.put(key(name), value));
        ClientCall<byte[], byte[]> call = channel.newCall(
                descriptor(request.method()),
                CallOptions.DEFAULT.withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS));
        Listener listener = new Listener();
        call.start(listener, headers);
        call.request(2);
        call.sendMessage(message(methods.find(request.method()), request.json()));
        call.halfClose();
        try {
            return listener.end.get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** @throws IllegalArgumentException if the JSON is not the method's request */
    static byte[] message(com.google.protobuf.Descriptors.MethodDescriptor method, String json) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(method.getInputType());
        try {
            JsonFormat.parser().merge(json, message);
        } catch (InvalidProtocolBufferException wrong) {
            throw new IllegalArgumentException(
                    "expected the JSON of a " + message.getDescriptorForType().getFullName() + ", got '" + json + "': "
                            + wrong.getMessage(),
                    wrong);
        }
        return message.build().toByteArray();
    }

    private static MethodDescriptor<byte[], byte[]> descriptor(String method) {
        return MethodDescriptor.<byte[], byte[]>newBuilder(BYTES, BYTES)
                .setType(MethodType.UNARY)
                .setFullMethodName(method)
                .build();
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    @Override
    public String protocol() {
        return "gRPC";
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    };

    private static final class Listener extends ClientCall.Listener<byte[]> {

        final CompletableFuture<Reply> end = new CompletableFuture<>();
        private Metadata headers = new Metadata();
        private byte @Nullable [] response;

        @Override
        public void onHeaders(Metadata received) {
            headers = received;
        }

        @Override
        public void onMessage(byte[] message) {
            response = message;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            String message = status.getDescription();
            end.complete(new Reply(
                    status.getCode(),
                    message == null ? "" : message,
                    Reply.attempts(text(ATTEMPTS, trailers)),
                    text(INSTANCE, trailers),
                    text(GATEWAY, trailers),
                    text(REPLAYED, trailers).equals("true"),
                    status.isOk() && response != null ? Reply.hash(response) : ""));
        }

        private String text(Metadata.Key<String> key, Metadata trailers) {
            String value = headers.get(key);
            if (value == null) {
                value = trailers.get(key);
            }
            return value == null ? "" : value;
        }
    }
}
