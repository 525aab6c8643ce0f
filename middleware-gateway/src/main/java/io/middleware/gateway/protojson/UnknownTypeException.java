package io.middleware.gateway.protojson;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Thrown for a {@code google.protobuf.Any} of a type that {@link KnownTypes} does not have. */
public final class UnknownTypeException extends ProtoJsonException {
    private final String typeName;
    private final transient KnownTypes types;
    private final transient Set<String> others;

    UnknownTypeException(String message, String typeName, KnownTypes types) {
        this(message, typeName, types, Set.of());
    }

    private UnknownTypeException(String message, String typeName, KnownTypes types, Set<String> others) {
        super(message);
        this.typeName = typeName;
        this.types = types;
        this.others = others;
    }

    /** Returns the same, with other types of the message that are not known. */
    UnknownTypeException with(Set<String> more) {
        return new UnknownTypeException(getMessage(), typeName, types, more);
    }

    /** Returns the full name of the message type. */
    public String typeName() {
        return typeName;
    }

    /** Returns the full name of the message type and of others that will be needed next. */
    public Set<String> typeNames() {
        Set<String> names = new HashSet<>(others);
        names.add(typeName);
        return names;
    }

    /** Looks up the type (see {@link KnownTypes#learn}), and starts looking up the others. */
    public CompletionStage<Boolean> learn() {
        CompletionStage<Boolean> learned = types.learn(typeName);
        others.forEach(types::learn);
        return learned;
    }
}
