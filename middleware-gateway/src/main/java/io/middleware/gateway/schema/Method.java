package io.middleware.gateway.schema;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.middleware.core.MethodTraits;
import io.middleware.gateway.protojson.KnownTypes;
import org.jspecify.annotations.Nullable;

/**
 * A method of a gRPC service.
 *
 * @param types   the types of its version of the service, for {@code google.protobuf.Any} and extensions
 * @param missing the files that its messages need and the server's reflection does not know; null when none is missing
 */
public record Method(
        MethodDescriptor descriptor,
        KnownTypes types,
        @Nullable String missing) {

    /** A method whose messages are all known. */
    public Method(MethodDescriptor descriptor, KnownTypes types) {
        this(descriptor, types, null);
    }

    /** Returns {@code /package.Service/Method}. */
    public String path() {
        return "/" + grpcService() + "/" + descriptor.getName();
    }

    /** Returns the full name of the method's gRPC service. */
    public String grpcService() {
        return descriptor.getService().getFullName();
    }

    /** Whether there is one message each way. */
    public boolean unary() {
        return !descriptor.isClientStreaming() && !descriptor.isServerStreaming();
    }

    /** Returns the {@code google.api.http} option; null when there is none. */
    public @Nullable HttpRule httpRule() {
        return descriptor.getOptions().hasExtension(AnnotationsProto.http)
                ? descriptor.getOptions().getExtension(AnnotationsProto.http)
                : null;
    }

    /** Returns what the method promises to its callers. */
    public MethodTraits traits() {
        return new MethodTraits(
                unary(),
                switch (descriptor.getOptions().getIdempotencyLevel()) {
                    case IDEMPOTENCY_UNKNOWN -> MethodTraits.Idempotency.UNKNOWN;
                    case IDEMPOTENT -> MethodTraits.Idempotency.IDEMPOTENT;
                    case NO_SIDE_EFFECTS -> MethodTraits.Idempotency.NO_SIDE_EFFECTS;
                });
    }
}
