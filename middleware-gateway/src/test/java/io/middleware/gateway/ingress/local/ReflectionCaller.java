package io.middleware.gateway.ingress.local;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpc.Channel;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.middleware.gateway.reflection.LinkedFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A client of server reflection. */
final class ReflectionCaller {
    private final Channel channel;

    ReflectionCaller(Channel channel) {
        this.channel = channel;
    }

    /** Sends all on one stream, half-closes it, and returns the responses. */
    List<ServerReflectionResponse> call(ServerReflectionRequest... requests) {
        CompletableFuture<List<ServerReflectionResponse>> result = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> stream = ServerReflectionGrpc.newStub(channel)
                .serverReflectionInfo(new StreamObserver<>() {
                    private final List<ServerReflectionResponse> responses = new ArrayList<>();

                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        responses.add(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        result.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        result.complete(responses);
                    }
                });
        List.of(requests).forEach(stream::onNext);
        stream.onCompleted();
        return result.orTimeout(10, TimeUnit.SECONDS).join();
    }

    List<String> list() {
        return call(ServerReflectionRequest.newBuilder().setListServices("*").build())
                .getFirst()
                .getListServicesResponse()
                .getServiceList()
                .stream()
                .map(ServiceResponse::getName)
                .toList();
    }

    ServerReflectionResponse symbol(String symbol) {
        return call(ServerReflectionRequest.newBuilder()
                        .setFileContainingSymbol(symbol)
                        .build())
                .getFirst();
    }

    /** Links the file of a symbol from what reflection gives. */
    FileDescriptor link(LinkedFiles linker, String symbol) {
        return linker.link(symbol(symbol).getFileDescriptorResponse().getFileDescriptorProto(0));
    }

    LinkedFiles linker() {
        return new LinkedFiles(this::file);
    }

    private ByteString file(String name) {
        return call(ServerReflectionRequest.newBuilder().setFileByFilename(name).build())
                .getFirst()
                .getFileDescriptorResponse()
                .getFileDescriptorProto(0);
    }
}
