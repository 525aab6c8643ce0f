package io.middleware.gateway.library;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import io.grpc.HandlerRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.reflection.v1.ErrorResponse;
import io.grpc.reflection.v1.FileDescriptorResponse;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;

/** A real gRPC server whose methods work on bytes, described by files of which it sends those only that it is asked for. */
public final class DescribedServer implements AutoCloseable {
    private final Map<String, FileDescriptorProto> files = new HashMap<>();
    private final Map<String, FileDescriptorProto> symbols = new HashMap<>();
    private final Map<String, UnaryOperator<byte[]>> methods = new HashMap<>();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final Server server;
    private volatile boolean endsAtUnknown;

    public DescribedServer() {
        try {
            server = NettyServerBuilder.forPort(0)
                    .addService(new Reflection())
                    .fallbackHandlerRegistry(new Methods())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Knows the file by its name, and by these symbols. */
    public DescribedServer describe(FileDescriptorProto file, String... symbolsInIt) {
        files.put(file.getName(), file);
        List.of(symbolsInIt).forEach(symbol -> symbols.put(symbol, file));
        return this;
    }

    /** Knows the symbol, and its file not by the name. */
    public DescribedServer describeOnlyBySymbol(FileDescriptorProto file, String symbol) {
        symbols.put(symbol, file);
        return this;
    }

    /** Ends the stream, instead of an answer, where it does not know. */
    public DescribedServer endAtUnknown() {
        endsAtUnknown = true;
        return this;
    }

    /** {@code path}: without a slash before it. */
    public DescribedServer answer(String path, UnaryOperator<byte[]> method) {
        methods.put(path, method);
        return this;
    }

    public int port() {
        return server.getPort();
    }

    /** The files and symbols that reflection was asked for. */
    public Queue<String> asked() {
        return asked;
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private final class Methods extends HandlerRegistry {
        @Override
        public ServerMethodDefinition<?, ?> lookupMethod(String path, String authority) {
            UnaryOperator<byte[]> method = methods.get(path);
            return method == null
                    ? null
                    : ServerMethodDefinition.create(
                            MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                                    .setType(MethodDescriptor.MethodType.UNARY)
                                    .setFullMethodName(path)
                                    .build(),
                            ServerCalls.asyncUnaryCall((byte[] request, StreamObserver<byte[]> reply) -> {
                                reply.onNext(method.apply(request));
                                reply.onCompleted();
                            }));
        }
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

    private final class Reflection extends ServerReflectionGrpc.ServerReflectionImplBase {
        @Override
        public StreamObserver<ServerReflectionRequest> serverReflectionInfo(
                StreamObserver<ServerReflectionResponse> answers) {
            return new StreamObserver<>() {
                @Override
                public void onNext(ServerReflectionRequest question) {
                    asked.add(
                            question.hasFileByFilename()
                                    ? question.getFileByFilename()
                                    : question.getFileContainingSymbol());
                    FileDescriptorProto file = question.hasFileByFilename()
                            ? files.get(question.getFileByFilename())
                            : symbols.get(question.getFileContainingSymbol());
                    if (file == null && endsAtUnknown) {
                        answers.onError(Status.NOT_FOUND.asRuntimeException());
                        return;
                    }
                    ServerReflectionResponse.Builder answer = ServerReflectionResponse.newBuilder();
                    answers.onNext(
                            file == null
                                    ? answer.setErrorResponse(ErrorResponse.newBuilder()
                                                    .setErrorCode(Status.Code.NOT_FOUND.value()))
                                            .build()
                                    : answer.setFileDescriptorResponse(FileDescriptorResponse.newBuilder()
                                                    .addFileDescriptorProto(file.toByteString()))
                                            .build());
                }

                @Override
                public void onError(Throwable gone) {
                    // nobody is left to be told
                }

                @Override
                public void onCompleted() {
                    answers.onCompleted();
                }
            };
        }
    }
}
