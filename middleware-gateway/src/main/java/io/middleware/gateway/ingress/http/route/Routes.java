package io.middleware.gateway.ingress.http.route;

import io.middleware.gateway.ingress.http.json.Transcoder;
import io.middleware.gateway.openapi.Api;
import io.middleware.gateway.schema.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The methods of one schema and their HTTP mappings, prepared for requests; immutable. */
final class Routes {
    private final Map<String, Method> methods;
    private final Map<String, Transcoder> transcoders = new HashMap<>();
    private final Api api;
    private final Set<String> unusable = new LinkedHashSet<>();
    private final List<HttpMapping> mappings = new ArrayList<>();
    /** The mappings, the most specific first; those that match exactly the same requests are in one list. */
    private final List<List<HttpMapping>> alike = new ArrayList<>();

    /** A mapping that matches a request, and the values of its template's variables. */
    record Match(HttpMapping mapping, Map<String, String> variables) {}

    Routes(Map<String, Method> methods) {
        this.methods = methods;
        // sorted, so that of two rules for one path the same one wins in every gateway
        new TreeMap<>(methods).forEach((path, method) -> {
            Transcoder transcoder = new Transcoder(method);
            transcoders.put(path, transcoder);
            mappings.addAll(HttpMapping.of(method, transcoder, reason -> unusable.add(path + ": " + reason)));
        });
        mappings.sort(Comparator.comparing(HttpMapping::template).thenComparingInt(HttpMapping::verbRank));
        Map<String, List<HttpMapping>> grouped = new LinkedHashMap<>();
        mappings.forEach(mapping -> grouped.computeIfAbsent(mapping.shape(), shape -> new ArrayList<>())
                .add(mapping));
        alike.addAll(grouped.values());
        api = new Api(
                List.copyOf(new TreeMap<>(methods).values()),
                mappings.stream().map(HttpMapping::described).toList());
    }

    /** Returns whether these routes were made of exactly these methods. */
    boolean areOf(Map<String, Method> others) {
        return methods == others;
    }

    /** Returns null if there is none at this path. */
    @Nullable
    Method method(String path) {
        return methods.get(path);
    }

    /** {@code path}: of a method that there is. */
    Transcoder transcoder(String path) {
        return Objects.requireNonNull(transcoders.get(path));
    }

    /** Returns the names of a gRPC service's methods. */
    List<String> methodsOf(String grpcService) {
        return methods.values().stream()
                .filter(method -> method.grpcService().equals(grpcService))
                .map(method -> method.descriptor().getName())
                .sorted()
                .toList();
    }

    List<HttpMapping> mappings() {
        return mappings;
    }

    /** Returns the methods and the mappings as documents describe them; always the same object. */
    Api api() {
        return api;
    }

    /** Returns a sentence for each binding that cannot be used: the method's path, and why. */
    Set<String> unusable() {
        return unusable;
    }

    /**
     * Returns the most specific mapping that takes the request; null if there is none. Among equally specific mappings
     * the lowest {@code rank} of the gRPC service wins, then the first method path.
     *
     * @param rank gets the full name of a gRPC service
     * @throws IllegalArgumentException if a variable's value is not percent-encoded UTF-8
     */
    @Nullable
    Match match(String verb, String path, ToIntFunction<String> rank) {
        for (List<HttpMapping> some : alike) {
            HttpMapping first = some.getFirst();
            Map<String, String> variables = first.takes(verb) ? first.template().match(path) : null;
            if (variables != null) {
                return some.size() == 1 ? new Match(first, variables) : best(some, path, rank);
            }
        }
        return null;
    }

    private static Match best(List<HttpMapping> some, String path, ToIntFunction<String> rank) {
        HttpMapping best = Collections.min(
                some,
                Comparator.comparingInt(one -> rank.applyAsInt(one.method().grpcService())));
        // it matches what the first of them does, as their shapes are equal
        return new Match(best, Objects.requireNonNull(best.template().match(path)));
    }

    /**
     * Returns the verbs that the path takes; none if it is unknown.
     *
     * @throws IllegalArgumentException if a variable's value is not percent-encoded UTF-8
     */
    Set<String> verbs(String path) {
        Set<String> verbs = new LinkedHashSet<>();
        Method method = methods.get(path);
        if (method != null) {
            verbs.addAll(ConnectGet.takes(method) ? List.of("GET", "HEAD", "POST") : List.of("POST"));
        }
        for (HttpMapping mapping : mappings) {
            if (mapping.template().match(path) != null) {
                verbs.addAll(mapping.verbs());
            }
        }
        return verbs;
    }
}
