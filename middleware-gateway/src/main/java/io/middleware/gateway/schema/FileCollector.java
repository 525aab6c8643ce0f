package io.middleware.gateway.schema;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.middleware.core.Code;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects the files that an instance sends, and decides what else to request: first each file that is imported and
 * missing, by its name. A file that the instance does not know is taken from {@link CommonFiles} or, if it is not
 * there, searched for by the types that are needed of it. Nothing is requested twice, so a file that cannot be found at
 * all stays missing.
 */
final class FileCollector {
    private final Map<String, ByteString> files = new HashMap<>();
    private final Map<String, FileDescriptorProto> parsed = new HashMap<>();
    private final Set<String> requestedFiles = new HashSet<>();
    private final Set<String> requestedTypes = new HashSet<>();
    private boolean unimplemented;

    /** {@code known}: files from an earlier request, which are not requested again. */
    FileCollector(Map<String, FileDescriptorProto> known) {
        parsed.putAll(known);
    }

    void accept(ServerReflectionRequest request, ServerReflectionResponse response)
            throws InvalidProtocolBufferException {
        if (response.hasFileDescriptorResponse()) {
            for (ByteString file : response.getFileDescriptorResponse().getFileDescriptorProtoList()) {
                add(DescriptorFiles.parse(file), file);
            }
        } else {
            unimplemented |= response.getErrorResponse().getErrorCode() == Code.UNIMPLEMENTED.ordinal();
            onUnknown(request);
        }
    }

    /**
     * Goes on without what the instance does not know: it may be spare, and what does not need it can still be
     * described.
     */
    void onUnknown(ServerReflectionRequest request) {
        FileDescriptor spare = request.hasFileByFilename() ? CommonFiles.spare(request.getFileByFilename()) : null;
        if (spare != null) {
            add(spare.toProto(), spare.toProto().toByteString());
        }
    }

    private void add(FileDescriptorProto descriptor, ByteString file) {
        if (!CommonFiles.has(descriptor.getName())) {
            files.put(descriptor.getName(), file);
            parsed.put(descriptor.getName(), descriptor);
        }
    }

    /**
     * Returns the requests for what is missing and was not requested yet; an empty list once there is no more to
     * request.
     */
    List<ServerReflectionRequest> nextRequests() {
        Set<String> missing = DescriptorFiles.missing(parsed.values());
        List<ServerReflectionRequest> byName = missing.stream()
                .filter(requestedFiles::add)
                .map(name -> ServerReflectionRequest.newBuilder()
                        .setFileByFilename(name)
                        .build())
                .toList();
        return !byName.isEmpty() || missing.isEmpty()
                ? byName
                : DescriptorFiles.undefined(parsed.values()).stream()
                        .filter(requestedTypes::add)
                        .map(FileCollector::requestForSymbol)
                        .toList();
    }

    static ServerReflectionRequest requestForSymbol(String name) {
        return ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol(name)
                .build();
    }

    boolean isEmpty() {
        return files.isEmpty();
    }

    /** Whether the instance responded that it does not implement what was requested, and sent nothing. */
    boolean isNotOffered() {
        return files.isEmpty() && unimplemented;
    }

    DescriptorFiles files() {
        return new DescriptorFiles(files);
    }
}
