package io.middleware.gateway.ingress.http.route;

import com.google.api.HttpRule;
import io.middleware.gateway.ingress.http.json.Transcoder;
import io.middleware.gateway.openapi.RestMapping;
import io.middleware.gateway.schema.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One {@code google.api.http} rule of a method: the requests that it matches. {@link MappedMessages} translates them.
 */
final class HttpMapping {
    private static final String ANY_VERB = "*";
    private static final List<String> USUAL_VERBS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

    private final Method method;
    private final Transcoder transcoder;
    private final HttpRule rule;
    private final String verb;
    private final PathTemplate template;
    private final MappedMessages messages;

    private HttpMapping(Method method, Transcoder transcoder, HttpRule rule) {
        this.method = method;
        this.transcoder = transcoder;
        this.rule = rule;
        this.verb = HttpRules.verb(rule);
        this.template = PathTemplate.parse(HttpRules.pattern(rule));
        this.messages = new MappedMessages(transcoder, rule, template.variables());
    }

    /**
     * Returns the mappings of a method: its rule's and those of the additional bindings. A binding that cannot be used
     * does not count, and {@code unusable} gets a sentence that says why.
     */
    static List<HttpMapping> of(Method method, Transcoder transcoder, Consumer<String> unusable) {
        List<HttpMapping> mappings = new ArrayList<>();
        HttpRule rule = method.httpRule();
        if (rule != null) {
            Stream.concat(Stream.of(rule), rule.getAdditionalBindingsList().stream())
                    .forEach(binding -> {
                        try {
                            mappings.add(new HttpMapping(method, transcoder, binding));
                        } catch (IllegalArgumentException wrong) {
                            unusable.accept(wrong.getMessage());
                        }
                    });
        }
        return mappings;
    }

    Method method() {
        return method;
    }

    Transcoder transcoder() {
        return transcoder;
    }

    PathTemplate template() {
        return template;
    }

    /** Returns the verbs to list for this mapping: the usual ones if it takes all. */
    List<String> verbs() {
        return switch (verb) {
            case ANY_VERB -> USUAL_VERBS;
            case "GET" -> List.of("GET", "HEAD");
            default -> List.of(verb);
        };
    }

    /** Returns how specific the verb is: 0 if the rule names it, more if the rule takes others too. */
    int verbRank() {
        return switch (verb) {
            case ANY_VERB -> 2;
            case "GET" -> 1; // takes HEAD too
            default -> 0;
        };
    }

    /** Returns a key that is equal for mappings that match exactly the same requests. */
    String shape() {
        return verb + " " + template.shape();
    }

    /** Returns whether the rule matches the verb; HEAD matches where GET does. */
    boolean takes(String requested) {
        return verb.equals(requested) || verb.equals(ANY_VERB) || verb.equals("GET") && requested.equals("HEAD");
    }

    /** Returns how the requests of this mapping become messages. */
    MappedMessages messages() {
        return messages;
    }

    /** Returns the mapping as documents describe it. */
    RestMapping described() {
        return template.described(method, verb, rule);
    }

    @Override
    public String toString() {
        return verb + " " + template;
    }
}
