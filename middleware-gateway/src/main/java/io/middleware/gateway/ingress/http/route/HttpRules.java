package io.middleware.gateway.ingress.http.route;

import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.middleware.gateway.protojson.FieldNames;
import java.util.List;

/** Reads the parts of a {@code google.api.http} rule. */
final class HttpRules {
    private HttpRules() {}

    /**
     * Returns the HTTP method; {@code *} for all.
     *
     * @throws IllegalArgumentException if the rule names none
     */
    static String verb(HttpRule rule) {
        return switch (rule.getPatternCase()) {
            case GET, PUT, POST, DELETE, PATCH -> rule.getPatternCase().name();
            case CUSTOM -> {
                if (rule.getCustom().getKind().isEmpty()) {
                    throw new IllegalArgumentException("custom has no kind (expected: an HTTP method, or * for all)");
                }
                yield rule.getCustom().getKind();
            }
            case PATTERN_NOT_SET ->
                throw new IllegalArgumentException("no path (expected: get, put, post, delete, patch or custom)");
        };
    }

    /** Returns the path template as it is written; empty where there is none. */
    static String pattern(HttpRule rule) {
        return switch (rule.getPatternCase()) {
            case GET -> rule.getGet();
            case PUT -> rule.getPut();
            case POST -> rule.getPost();
            case DELETE -> rule.getDelete();
            case PATCH -> rule.getPatch();
            case CUSTOM -> rule.getCustom().getPath();
            case PATTERN_NOT_SET -> "";
        };
    }

    /**
     * Returns the field that is a body: {@code google.api.http} takes a name there, and no path.
     *
     * @param what the part of the rule that names the field, for the message
     * @throws IllegalArgumentException if it names no field of the message itself
     */
    static FieldDescriptor field(Descriptor message, String what, String name) {
        List<FieldDescriptor> path = FieldNames.resolve(message, name);
        if (path.size() > 1) {
            throw new IllegalArgumentException(
                    what + " " + name + " is a path (expected: a field of " + message.getFullName() + " itself)");
        }
        return path.getFirst();
    }
}
