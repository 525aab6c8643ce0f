package io.middleware.gateway.reflection;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.middleware.core.MethodTraits.Idempotency;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Takes promises out of a file that do not hold in all versions of a service in use. */
final class StrictFile {

    private StrictFile() {}

    /**
     * Returns the content without promises that {@code holds} does not confirm.
     *
     * @param holds what a method promises in all versions, by path; null where only this file describes it
     */
    static ByteString of(FileDescriptor file, ByteString content, Function<String, @Nullable Idempotency> holds) {
        if (file.getServices().stream()
                .flatMap(service -> service.getMethods().stream())
                .noneMatch(method -> promisesTooMuch(
                        method.getService().getFullName(),
                        method.getName(),
                        method.getOptions().getIdempotencyLevel(),
                        holds))) {
            return content;
        }
        try {
            FileDescriptorProto.Builder strict = FileDescriptorProto.parseFrom(content).toBuilder();
            String scope = file.getPackage().isEmpty() ? "" : file.getPackage() + ".";
            for (ServiceDescriptorProto.Builder service : strict.getServiceBuilderList()) {
                for (MethodDescriptorProto.Builder method : service.getMethodBuilderList()) {
                    String grpcService = scope + service.getName();
                    IdempotencyLevel promised = method.getOptions().getIdempotencyLevel();
                    if (promisesTooMuch(grpcService, method.getName(), promised, holds)) {
                        method.getOptionsBuilder().setIdempotencyLevel(level(holds.apply(path(grpcService, method))));
                    }
                }
            }
            return strict.build().toByteString();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(file.getName(), e);
        }
    }

    private static String path(String grpcService, MethodDescriptorProto.Builder method) {
        return "/" + grpcService + "/" + method.getName();
    }

    private static boolean promisesTooMuch(
            String grpcService,
            String method,
            IdempotencyLevel promised,
            Function<String, @Nullable Idempotency> holds) {
        if (promised == IdempotencyLevel.IDEMPOTENCY_UNKNOWN) {
            return false;
        }
        Idempotency held = holds.apply("/" + grpcService + "/" + method);
        return held != null && held.compareTo(idempotency(promised)) < 0;
    }

    private static Idempotency idempotency(IdempotencyLevel level) {
        return level == IdempotencyLevel.IDEMPOTENT ? Idempotency.IDEMPOTENT : Idempotency.NO_SIDE_EFFECTS;
    }

    private static IdempotencyLevel level(@Nullable Idempotency idempotency) {
        return idempotency == Idempotency.IDEMPOTENT
                ? IdempotencyLevel.IDEMPOTENT
                : IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
    }
}
