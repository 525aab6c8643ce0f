package io.middleware.gateway.openapi;

import io.middleware.gateway.schema.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One usable {@code google.api.http} rule of a method.
 *
 * @param verb         the HTTP method; {@code *} for all
 * @param template     the path as the rule writes it
 * @param segments     of the path, percent-encoded; {@code *} and {@code **} stand for any
 * @param variables    the fields that segments set
 * @param pathVerb     what follows the path after a colon; null if nothing does
 * @param body         the field that the body sets, {@code *} for the whole message, empty if there is no body
 * @param responseBody the field that is the body of the response; empty for the whole message
 */
public record RestMapping(
        Method method,
        String verb,
        String template,
        List<String> segments,
        List<Variable> variables,
        @Nullable String pathVerb,
        String body,
        String responseBody) {

    public static final String ANY = "*";

    public RestMapping {
        segments = List.copyOf(segments);
        variables = List.copyOf(variables);
    }

    /** A field that the segments from {@code from} up to, not including, {@code to} set. */
    public record Variable(String fieldPath, int from, int to) {}

    @Override
    public String toString() {
        return verb + " " + template;
    }
}
