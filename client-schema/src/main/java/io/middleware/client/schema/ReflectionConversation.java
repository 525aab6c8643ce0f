package io.middleware.client.schema;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusException;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One stream of requests to a server's reflection, and the files received so far. */
final class ReflectionConversation implements AutoCloseable {

    private final BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> call;
    private final Map<String, FileDescriptorProto> files = new HashMap<>();

    ReflectionConversation(
            Channel channel,
            MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> version,
            Duration deadline) {
        call = ClientCalls.blockingBidiStreamingCall(channel, version, CallOptions.DEFAULT.withDeadlineAfter(deadline));
    }

    Optional<ServiceDescriptor> service(String name) throws StatusException {
        ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol(name).build());
        return files.values().stream()
                .filter(file -> declares(file, name))
                .findFirst()
                .map(file -> new ProtoFiles(this::file).link(file.getName()))
                .flatMap(file -> ProtoFiles.findService(List.of(file), name));
    }

    @Override
    public void close() {
        call.cancel("all requests are done", null);
    }

    private static boolean declares(FileDescriptorProto file, String service) {
        String prefix = file.getPackage().isEmpty() ? "" : file.getPackage() + ".";
        return file.getServiceList().stream().anyMatch(declared -> service.equals(prefix + declared.getName()));
    }

    /** Returns an imported file. Some servers have sent it along already, others send only what is requested. */
    private FileDescriptorProto file(String name) {
        if (!files.containsKey(name)) {
            try {
                ask(ServerReflectionRequest.newBuilder().setFileByFilename(name).build());
            } catch (StatusException e) {
                throw e.getStatus().asRuntimeException(e.getTrailers());
            }
        }
        FileDescriptorProto file = files.get(name);
        if (file == null) {
            throw new SchemaException("the server's reflection does not give the import " + name);
        }
        return file;
    }

    private void ask(ServerReflectionRequest request) throws StatusException {
        try {
            call.write(request);
            ServerReflectionResponse response = call.read();
            if (response == null) {
                throw new SchemaException("the server's reflection ended without a response");
            }
            // an error response has no files: the server does not know the symbol
            for (ByteString bytes : response.getFileDescriptorResponse().getFileDescriptorProtoList()) {
                FileDescriptorProto file = FileDescriptorProto.parseFrom(bytes);
                files.put(file.getName(), file);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new SchemaException("the server's reflection is broken: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SchemaException("interrupted while calling the server's reflection", e);
        }
    }
}
