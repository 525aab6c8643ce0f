package io.middleware.gateway.schema;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.middleware.core.MethodTraits;
import io.middleware.gateway.protojson.KnownTypes;

/**
 * A method of a gRPC service.
 *
 * @param types   what its version of the service knows, for {@code google.protobuf.Any} and extensions
 * @param missing the files that its messages need, and that the server's reflection does not know; null where nothing is missing
 */
public record Method(MethodDescriptor descriptor, KnownTypes types, String missing) {

    /** One whose messages are all known. */
    public Method(MethodDescriptor descriptor, KnownTypes types) {
        this(descriptor, types, null);
    }

    /** {@code /package.Service/Method}. */
    public String path() {
        return "/" + grpcService() + "/" + descriptor.getName();
    }

    /** The full name of the gRPC service that it belongs to. */
    public String grpcService() {
        return descriptor.getService().getFullName();
    }

    /** One message each way. */
    public boolean unary() {
        return !descriptor.isClientStreaming() && !descriptor.isServerStreaming();
    }

    /** Its {@code google.api.http} option; null where it has none. */
    public HttpRule httpRule() {
        return descriptor.getOptions().hasExtension(AnnotationsProto.http)
                ? descriptor.getOptions().getExtension(AnnotationsProto.http)
                : null;
    }

    /** What it promises to those who call it. */
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
