package io.middleware.gateway.ingress.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.middleware.gateway.schema.Method;

/** The methods of one schema and their HTTP mappings, with all that a request needs at hand; immutable. */
final class Routes {
    private static final Logger log = LoggerFactory.getLogger(Routes.class);

    private final Map<String, Method> methods;
    private final Map<String, Transcoder> transcoders = new HashMap<>();
    private final List<HttpMapping> mappings = new ArrayList<>();

    /** A mapping that matches a request, and the values of its template's variables. */
    record Match(HttpMapping mapping, Map<String, String> variables) { }

    Routes(Map<String, Method> methods) {
        this.methods = methods;
        // sorted, so that of two rules for one path the same one wins in every gateway
        new TreeMap<>(methods).forEach((path, method) -> {
            Transcoder transcoder = new Transcoder(method);
            transcoders.put(path, transcoder);
            try {
                mappings.addAll(HttpMapping.of(method, transcoder));
            } catch (IllegalArgumentException unusable) {
                log.warn("no HTTP mapping for {}: {}", path, unusable.getMessage());
            }
        });
        mappings.sort(Comparator.comparing(HttpMapping::template));
    }

    /** Whether these were made of exactly that. */
    boolean areOf(Map<String, Method> others) {
        return methods == others;
    }

    Method method(String path) {
        return methods.get(path);
    }

    Transcoder transcoder(String path) {
        return transcoders.get(path);
    }

    /** The names of a gRPC service's methods. */
    List<String> methodsOf(String grpcService) {
        return methods.values().stream().filter(method -> method.grpcService().equals(grpcService))
                .map(method -> method.descriptor().getName()).sorted().toList();
    }

    List<HttpMapping> mappings() {
        return mappings;
    }

    /**
     * The most specific mapping that takes the request; null if there is none.
     *
     * @throws IllegalArgumentException if a variable's value is not percent-encoded UTF-8
     */
    Match match(String verb, String path) {
        for (HttpMapping mapping : mappings) {
            Map<String, String> variables = mapping.takes(verb) ? mapping.template().match(path) : null;
            if (variables != null) {
                return new Match(mapping, variables);
            }
        }
        return null;
    }

    /**
     * The verbs that the path takes; none where nothing is there.
     *
     * @throws IllegalArgumentException if a variable's value is not percent-encoded UTF-8
     */
    Set<String> verbs(String path) {
        Set<String> verbs = new LinkedHashSet<>();
        if (methods.containsKey(path)) {
            verbs.add("POST");
        }
        for (HttpMapping mapping : mappings) {
            if (mapping.template().match(path) != null) {
                verbs.add(mapping.verb());
                if (mapping.takes("HEAD")) {
                    verbs.add("HEAD");
                }
            }
        }
        return verbs;
    }
}
