package io.middleware.gateway.ingress.grpcjson;

import io.middleware.gateway.ingress.CallerProtocol;
import io.middleware.gateway.ingress.ConvertedStream;
import io.middleware.gateway.ingress.envelope.EnvelopedStream;
import io.middleware.gateway.ingress.envelope.StreamServices;
import io.middleware.gateway.schema.Method;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Recognises calls by {@code application/grpc+json} of methods that are described. Others pass unchanged, as a server
 * may know JSON by itself.
 */
@Component
public final class GrpcJson implements CallerProtocol {
    static final AsciiString TYPE = AsciiString.cached("application/grpc+json");

    private final StreamServices services;

    public GrpcJson(StreamServices services) {
        this.services = services;
    }

    @Override
    public @Nullable ConvertedStream convert(CharSequence contentType, Http2Headers request) {
        if (!AsciiString.regionMatchesAscii(contentType, true, 0, TYPE, 0, TYPE.length())
                || contentType.length() > TYPE.length() && "; ".indexOf(contentType.charAt(TYPE.length())) < 0) {
            return null;
        }
        CharSequence path = request.path();
        Method method = path == null ? null : services.methods().method(path.toString());
        return method == null || method.missing() != null
                ? null
                : new EnvelopedStream(services, GrpcJsonDialect.INSTANCE, null);
    }
}
