package io.middleware.gateway.ingress.envelope;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.directory.Directory;
import io.middleware.gateway.ingress.RequestShape;
import io.middleware.gateway.ingress.http.json.JsonTranslation;
import io.middleware.gateway.ingress.http.json.Transcoder;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.middleware.gateway.schema.Method;
import io.middleware.gateway.schema.Schema;
import io.middleware.gateway.schema.SchemaWatch;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds the methods that are called, and how their JSON becomes messages. Thread-safe. */
public final class StreamMethods implements RequestShape {
    private final Directory directory;
    private final SchemaWatch schemas;
    private final boolean details;
    private volatile Known known = new Known(Schema.EMPTY);

    /** One schema, and the translations of those methods that were called by JSON. */
    private record Known(Schema schema, Map<String, Translation> translations) {
        Known(Schema schema) {
            this(schema, new ConcurrentHashMap<>());
        }
    }

    /** {@code details}: whether errors may name instances. */
    public StreamMethods(Directory directory, SchemaWatch schemas, boolean details) {
        this.directory = directory;
        this.schemas = schemas;
        this.details = details;
        schemas.listen(schema -> known =
                known.schema.methods() == schema.methods() ? new Known(schema, known.translations) : new Known(schema));
    }

    /** Returns the method at {@code /package.Service/Method}; null if none is described. */
    public @Nullable Method method(String path) {
        return known.schema.methods().get(path);
    }

    @Override
    public boolean takesOneMessage(String path) {
        Method method = method(path);
        return method != null && !method.descriptor().isClientStreaming();
    }

    /**
     * Returns how the JSON of a method becomes messages.
     *
     * @throws Refusal if its messages are not described
     */
    Translation json(String path) {
        Known now = known;
        Translation made = now.translations.get(path);
        if (made != null) {
            return made;
        }
        Method method = now.schema.methods().get(path);
        if (method == null) {
            throw undescribed(now.schema, path);
        }
        if (method.missing() != null) {
            throw refusal(
                    Code.UNIMPLEMENTED,
                    "JSON for " + path + " needs " + method.missing()
                            + ", which the server's reflection does not know (expected: serialized messages)");
        }
        return now.translations.computeIfAbsent(path, p -> new JsonTranslation(p, new Transcoder(method)));
    }

    private Refusal undescribed(Schema schema, String path) {
        String grpcService = Call.grpcService(path);
        if (grpcService == null) {
            return refusal(Code.UNIMPLEMENTED, "no method: " + path + " (expected: /package.Service/Method)");
        }
        Schema.Absence absence = schema.absences().get(grpcService);
        boolean registered = directory.serviceOf(grpcService) != null;
        if (absence != null && absence.permanent()) {
            return refusal(
                    Code.UNIMPLEMENTED,
                    "JSON for " + grpcService + " needs its descriptors, but "
                            + (details ? absence.reason() : "its servers do not give them by server reflection")
                            + " (expected: serialized messages)");
        }
        if (absence != null || registered && !schema.grpcServices().contains(grpcService)) {
            return refusal(
                    Code.UNAVAILABLE,
                    "JSON for " + grpcService + " needs its descriptors, which are not known yet"
                            + (details && absence != null ? ": " + absence.reason() : ""));
        }
        if (!registered && schemas.awaitsNewService()) {
            return refusal(
                    Code.UNAVAILABLE,
                    "not every service has described its methods yet, and none that has serves " + path);
        }
        return refusal(
                Code.UNIMPLEMENTED,
                registered
                        ? grpcService + " has no such method: " + path
                        : "no registered service serves " + grpcService);
    }

    private static Refusal refusal(Code code, String message) {
        return new ConnectError(code, message).refusal();
    }
}
