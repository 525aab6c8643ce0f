package io.middleware.gateway.schema;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Orders files so that each comes after those that it imports. Does not recurse, because a server may send a chain of
 * imports that is deeper than a thread's stack.
 */
public final class ImportOrder {

    private record Step<T>(T file, Iterator<? extends T> imports) {}

    private ImportOrder() {}

    /**
     * Returns {@code file}, which comes last, and all that it imports, directly or not. In a cycle of imports, one file
     * comes before the one that it imports.
     *
     * @param imports what a file imports directly
     * @param done    files that are left out, with what they import
     */
    public static <T> List<T> of(
            T file, Function<? super T, ? extends Collection<? extends T>> imports, Predicate<? super T> done) {
        List<T> order = new ArrayList<>();
        Set<T> entered = new HashSet<>();
        Deque<Step<T>> open = new ArrayDeque<>();
        enter(file, imports, done, entered, open);
        while (!open.isEmpty()) {
            Step<T> step = open.element();
            if (step.imports.hasNext()) {
                enter(step.imports.next(), imports, done, entered, open);
            } else {
                order.add(open.pop().file);
            }
        }
        return order;
    }

    private static <T> void enter(
            T file,
            Function<? super T, ? extends Collection<? extends T>> imports,
            Predicate<? super T> done,
            Set<T> entered,
            Deque<Step<T>> open) {
        if (!done.test(file) && entered.add(file)) {
            open.push(new Step<>(file, imports.apply(file).iterator()));
        }
    }
}
