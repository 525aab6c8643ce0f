package io.middleware.gateway.library;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.reflection.v1.ErrorResponse;
import io.grpc.reflection.v1.FileDescriptorResponse;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A real gRPC server that echoes, and whose reflection keeps to the protocol in a manner of its own. */
public final class OddReflection implements AutoCloseable {
    /** How the stream of a version of reflection goes. */
    public enum Manner {
        FINE,
        ABSENT,
        UNKNOWN,
        INTERNAL,
        PERMISSION_DENIED,
        ABSENT_BY_MESSAGE,
        ENDS_AFTER_EACH,
        AFTER_HALF_CLOSE,
        ONE_A_STREAM
    }

    private final Map<String, FileDescriptorProto> byName;
    private final Map<String, FileDescriptorProto> bySymbol;
    private final long delayMillis;
    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(1);
    private final Server server;

    /** {@code delayMillis}: how long each response takes. */
    public OddReflection(
            Manner v1,
            Manner v1alpha,
            long delayMillis,
            Map<String, FileDescriptorProto> byName,
            Map<String, FileDescriptorProto> bySymbol) {
        this.byName = byName;
        this.bySymbol = bySymbol;
        this.delayMillis = delayMillis;
        try {
            server = NettyServerBuilder.forPort(0)
                    .executor(executor)
                    .fallbackHandlerRegistry(new HandlerRegistry() {
                        @Override
                        public ServerMethodDefinition<?, ?> lookupMethod(String path, String authority) {
                            return method(
                                    path,
                                    path.startsWith("grpc.reflection.v1.")
                                            ? v1
                                            : path.startsWith("grpc.reflection.") ? v1alpha : null);
                        }
                    })
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
        executor.shutdownNow();
    }

    private ServerMethodDefinition<byte[], byte[]> method(String path, Manner manner) {
        return manner == Manner.ABSENT
                ? null
                : ServerMethodDefinition.create(
                        MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                                .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                                .setFullMethodName(path)
                                .build(),
                        (call, headers) -> {
                            call.sendHeaders(new Metadata());
                            call.request(Integer.MAX_VALUE);
                            return new Stream(call, manner);
                        });
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
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** {@code manner}: null for a method that echoes. */
    private final class Stream extends ServerCall.Listener<byte[]> {
        private final ServerCall<byte[], byte[]> call;
        private final Manner manner;
        private final List<byte[]> questions = new ArrayList<>();
        private boolean closed;

        Stream(ServerCall<byte[], byte[]> call, Manner manner) {
            this.call = call;
            this.manner = manner;
        }

        @Override
        public void onMessage(byte[] question) {
            questions.add(question);
            switch (manner) {
                case null -> call.sendMessage(question);
                case UNKNOWN, INTERNAL, PERMISSION_DENIED -> close(Status.fromCode(Status.Code.valueOf(manner.name())));
                case ONE_A_STREAM -> {
                    if (questions.size() > 1) {
                        close(Status.INTERNAL);
                    }
                }
                case AFTER_HALF_CLOSE -> {}
                default -> executor.schedule(() -> respond(question), delayMillis, TimeUnit.MILLISECONDS);
            }
        }

        @Override
        public void onHalfClose() {
            if (manner == Manner.AFTER_HALF_CLOSE || manner == Manner.ONE_A_STREAM) {
                questions.forEach(this::respond);
            }
            executor.schedule(() -> close(Status.OK), delayMillis, TimeUnit.MILLISECONDS);
        }

        private void respond(byte[] question) {
            if (closed || call.isCancelled()) {
                return;
            }
            call.sendMessage(response(question).toByteArray());
            if (manner == Manner.ENDS_AFTER_EACH) {
                close(Status.OK);
            }
        }

        private ServerReflectionResponse response(byte[] question) {
            try {
                ServerReflectionRequest request = ServerReflectionRequest.parseFrom(question);
                FileDescriptorProto file = request.hasFileByFilename()
                        ? byName.get(request.getFileByFilename())
                        : bySymbol.get(request.getFileContainingSymbol());
                ServerReflectionResponse.Builder response = ServerReflectionResponse.newBuilder();
                if (file == null || manner == Manner.ABSENT_BY_MESSAGE) {
                    Status.Code code = file == null ? Status.Code.NOT_FOUND : Status.Code.UNIMPLEMENTED;
                    return response.setErrorResponse(ErrorResponse.newBuilder().setErrorCode(code.value()))
                            .build();
                }
                return response.setFileDescriptorResponse(
                                FileDescriptorResponse.newBuilder().addFileDescriptorProto(file.toByteString()))
                        .build();
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }

        private void close(Status status) {
            if (!closed && !call.isCancelled()) {
                closed = true;
                call.close(status, new Metadata());
            }
        }
    }
}
