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

    /** The same, with other types that are met in the message and are not known. */
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

    /** Tries to come to know the type; see {@link KnownTypes#learn}. Begins with the others too. */
    public CompletionStage<Boolean> learn() {
        CompletionStage<Boolean> learned = types.learn(typeName);
        others.forEach(types::learn);
        return learned;
    }
}
