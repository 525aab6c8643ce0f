package io.middleware.starter;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a server over its own port before it registers, so that its first callers do not wait until the way through gRPC is loaded
 * and compiled. Calls health checks, and methods that the application names; ends after {@value #CALLS} calls of each, or when the
 * time is up. Whether a call succeeds does not matter.
 */
final class WarmUp {

    static final int CALLS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final String HEALTH = "grpc.health.v1.Health/Check";

    private final Server server;
    private final InstanceProperties.WarmUp settings;

    WarmUp(Server server, InstanceProperties.WarmUp settings) {
        this.server = server;
        this.settings = settings;
    }

    /** Makes the calls; returns how many. */
    int run() {
        SocketAddress address = address();
        if (settings.limit().isZero() || address == null) {
            return 0;
        }
        long begun = System.nanoTime();
        long end = begun + settings.limit().toNanos();
        ManagedChannel channel = NettyChannelBuilder.forAddress(address)
                .usePlaintext()
                .directExecutor()
                .build();
        try {
            int calls = call(channel, methods(), end);
            LOG.debug(
                    "warmed up by {} calls in {} ms",
                    calls,
                    Duration.ofNanos(System.nanoTime() - begun).toMillis());
            return calls;
        } finally {
            channel.shutdownNow();
        }
    }

    private static int call(ManagedChannel channel, List<String> methods, long end) {
        int calls = 0;
        for (int i = 0; i < CALLS; i++) {
            for (String method : methods) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return calls;
                }
                call(channel, method, left);
                calls++;
            }
        }
        return calls;
    }

    /** An empty message is one of any type. */
    private static void call(ManagedChannel channel, String method, long limitNanos) {
        MethodDescriptor<byte[], byte[]> bytes = MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                .setType(MethodType.UNARY)
                .setFullMethodName(method)
                .build();
        try {
            ClientCalls.blockingUnaryCall(
                    channel,
                    bytes,
                    CallOptions.DEFAULT.withDeadlineAfter(limitNanos, TimeUnit.NANOSECONDS),
                    new byte[0]);
        } catch (StatusRuntimeException answered) {
            // an error goes the same way
        }
    }

    private List<String> methods() {
        List<String> methods = new ArrayList<>();
        methods.add(HEALTH);
        for (String method : settings.methods()) {
            if (hasNoSideEffects(method)) {
                methods.add(method);
            } else {
                LOG.warn(
                        "not called to warm up: {} (expected: package.Service/Method of a unary method of this server with"
                                + " idempotency_level = NO_SIDE_EFFECTS)",
                        method);
            }
        }
        return methods;
    }

    private boolean hasNoSideEffects(String method) {
        for (ServerServiceDefinition service : server.getServices()) {
            ServerMethodDefinition<?, ?> definition = service.getMethod(method);
            if (definition != null) {
                return definition.getMethodDescriptor().getType() == MethodType.UNARY
                        && definition.getMethodDescriptor().getSchemaDescriptor()
                                instanceof ProtoMethodDescriptorSupplier schema
                        && schema.getMethodDescriptor().getOptions().getIdempotencyLevel()
                                == IdempotencyLevel.NO_SIDE_EFFECTS;
            }
        }
        return false;
    }

    /** Returns where the server listens; null if it has no port. */
    private @Nullable SocketAddress address() {
        return server.getListenSockets().stream()
                .filter(InetSocketAddress.class::isInstance)
                .map(InetSocketAddress.class::cast)
                .findFirst()
                .map(at -> at.getAddress() == null || at.getAddress().isAnyLocalAddress()
                        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), at.getPort())
                        : at)
                .orElse(null);
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
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
    }
}
