package io.middleware.gateway.library;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import io.grpc.Status;
import io.grpc.reflection.v1.ErrorResponse;
import io.grpc.reflection.v1.FileDescriptorResponse;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.middleware.gateway.library.v1.Book;
import io.middleware.gateway.library.v1.Genre;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reflection that describes the library otherwise than it is, and sends each file only when it is asked for it, as some servers
 * do, and none of those that everyone has.
 */
public final class OwnReflection extends ServerReflectionGrpc.ServerReflectionImplBase {
    private final FileDescriptorProto library;
    private final Map<String, FileDescriptorProto> files = new HashMap<>();

    private OwnReflection(FileDescriptorProto library) {
        this.library = library;
        files.put(library.getName(), library);
        files.put(
                Genre.getDescriptor().getFile().getName(),
                Genre.getDescriptor().getFile().toProto());
    }

    public static OwnReflection ofLibrary(Consumer<ServiceDescriptorProto.Builder> change) {
        FileDescriptorProto.Builder library = Book.getDescriptor().getFile().toProto().toBuilder();
        change.accept(library.getServiceBuilder(0));
        return new OwnReflection(library.build());
    }

    @Override
    public StreamObserver<ServerReflectionRequest> serverReflectionInfo(
            StreamObserver<ServerReflectionResponse> answers) {
        return new StreamObserver<>() {
            @Override
            public void onNext(ServerReflectionRequest question) {
                FileDescriptorProto file =
                        question.hasFileContainingSymbol() ? library : files.get(question.getFileByFilename());
                ServerReflectionResponse.Builder answer = ServerReflectionResponse.newBuilder();
                if (file == null) {
                    answer.setErrorResponse(ErrorResponse.newBuilder().setErrorCode(Status.Code.NOT_FOUND.value()));
                } else {
                    answer.setFileDescriptorResponse(
                            FileDescriptorResponse.newBuilder().addFileDescriptorProto(file.toByteString()));
                }
                answers.onNext(answer.build());
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
