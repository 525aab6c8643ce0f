package io.middleware.chaos.prove.workload;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.middleware.chaos.stack.Stack;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Asks for descriptors by gRPC's server reflection. */
final class Reflection implements Methods.Files {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Channel channel;

    Reflection(Channel channel) {
        this.channel = channel;
    }

    @Override
    public List<byte[]> ofSymbol(String symbol) {
        return ask(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol(symbol)
                .build());
    }

    @Override
    public List<byte[]> byName(String name) {
        return ask(ServerReflectionRequest.newBuilder().setFileByFilename(name).build());
    }

    private List<byte[]> ask(ServerReflectionRequest question) {
        CompletableFuture<ServerReflectionResponse> response = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> questions = ServerReflectionGrpc.newStub(channel)
                .withDeadlineAfter(PATIENCE)
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse answer) {
                        response.complete(answer);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        response.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        response.completeExceptionally(Status.UNAVAILABLE.asException());
                    }
                });
        questions.onNext(question);
        questions.onCompleted();
        try {
            return response.get().getFileDescriptorResponse().getFileDescriptorProtoList().stream()
                    .map(ByteString::toByteArray)
                    .toList();
        } catch (ExecutionException failed) {
            throw new Stack.StackException("server reflection failed: " + failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Stack.StackException("interrupted");
        }
    }
}
