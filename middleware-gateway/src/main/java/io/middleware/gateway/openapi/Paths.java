package io.middleware.gateway.openapi;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The paths of a document, with what is called at each. Mappings that OpenAPI cannot distinguish share a path; of two
 * for the same verb the second is only mentioned.
 */
final class Paths {
    private static final Set<String> VERBS =
            Set.of("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE");
    private static final List<String> ANY_VERB = List.of("GET", "PUT", "POST", "DELETE", "PATCH");

    private final Map<String, Item> items = new LinkedHashMap<>();

    /** A path, and how its operations are made, by their verbs. */
    static final class Item {
        private final TemplatedPath path;
        private final Map<String, Supplier<JsonObject>> operations = new LinkedHashMap<>();
        private final List<String> unlisted = new ArrayList<>();

        private Item(TemplatedPath path) {
            this.path = path;
        }

        String text() {
            return path.text(path.wanted());
        }

        JsonObject describe() {
            JsonObject item = new JsonObject();
            Json.addText(
                    item,
                    "description",
                    unlisted.isEmpty()
                            ? ""
                            : "Also mapped, which cannot be listed here: " + String.join(", ", unlisted));
            operations.forEach((verb, operation) -> item.add(verb.toLowerCase(Locale.ROOT), operation.get()));
            return item;
        }
    }

    Paths(Api api, ConnectOperations connect, RestOperations rest) {
        api.methods().forEach(method -> {
            Item item = item(TemplatedPath.literal(method.path()));
            item.operations.put("POST", () -> connect.post(method));
            if (ConnectOperations.hasGet(method)) {
                item.operations.put("GET", () -> connect.get(method));
            }
        });
        Map<String, Integer> numbers = new HashMap<>();
        for (RestMapping mapping : api.mappings()) {
            if (ConnectOperations.isJson(mapping.method())) {
                add(mapping, rest, numbers);
            }
        }
    }

    private void add(RestMapping mapping, RestOperations rest, Map<String, Integer> numbers) {
        TemplatedPath path = TemplatedPath.of(mapping);
        Item item = item(path);
        List<String> names = item.path.wanted();
        boolean listed = false;
        for (String verb : mapping.verb().equals(RestMapping.ANY) ? ANY_VERB : List.of(mapping.verb())) {
            if (VERBS.contains(verb) && !item.operations.containsKey(verb)) {
                int number = numbers.merge(mapping.method().path(), 1, Integer::sum);
                item.operations.put(verb, () -> rest.of(mapping, path, names, number));
                listed = true;
            }
        }
        if (!listed) {
            item.unlisted.add("`" + mapping + "` to `" + mapping.method().path() + "`");
        }
    }

    private Item item(TemplatedPath path) {
        return items.computeIfAbsent(path.shape(), shape -> new Item(path));
    }

    Collection<Item> items() {
        return items.values();
    }
}
