package io.middleware.gateway.openapi;

import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.GenericDescriptor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names the types that a document refers to, by their full names. Services may define one name in different ways: the
 * second definition gets {@code -2} after it, which no name in a {@code .proto} file has.
 */
final class TypeNames {
    private final Map<GenericDescriptor, String> names = new HashMap<>();
    private final Map<String, List<GenericDescriptor>> distinct = new HashMap<>();
    private final Deque<GenericDescriptor> unwritten = new ArrayDeque<>();

    /** Returns a reference to a message or an enum. */
    JsonObject ref(GenericDescriptor type) {
        return Json.ref("schemas", name(type));
    }

    String name(GenericDescriptor type) {
        String known = names.get(type);
        if (known != null) {
            return known;
        }
        List<GenericDescriptor> others = distinct.computeIfAbsent(type.getFullName(), name -> new ArrayList<>(1));
        for (GenericDescriptor other : others) {
            Map<GenericDescriptor, GenericDescriptor> alike = new HashMap<>();
            if (alike(other, type, alike)) {
                alike.forEach((copy, original) -> {
                    String name = names.get(original);
                    if (name != null) {
                        names.put(copy, name);
                    }
                });
                return name(type);
            }
        }
        others.add(type);
        String name = type.getFullName() + (others.size() == 1 ? "" : "-" + others.size());
        names.put(type, name);
        unwritten.add(type);
        return name;
    }

    /** Returns a type that has a name since, and that was not returned before; null if there is none. */
    @Nullable
    GenericDescriptor next() {
        return unwritten.poll();
    }

    /** {@code assumed}: gets all that is alike if the result is true, copy before original. */
    private boolean alike(
            GenericDescriptor original, GenericDescriptor copy, Map<GenericDescriptor, GenericDescriptor> assumed) {
        if (original == copy || assumed.get(copy) == original) {
            return true;
        }
        String known = names.get(copy);
        if (known != null) {
            return known.equals(names.get(original));
        }
        if (!original.getFullName().equals(copy.getFullName())
                || !original.toProto().equals(copy.toProto())) {
            return false;
        }
        assumed.put(copy, original);
        if (!(original instanceof Descriptor message) || !(copy instanceof Descriptor other)) {
            return true;
        }
        for (int i = 0; i < message.getFields().size(); i++) {
            GenericDescriptor type = typeOf(message.getFields().get(i));
            GenericDescriptor otherType = typeOf(other.getFields().get(i));
            if (type != otherType && (type == null || otherType == null || !alike(type, otherType, assumed))) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable GenericDescriptor typeOf(FieldDescriptor field) {
        if (field.getJavaType() == JavaType.MESSAGE) {
            return field.getMessageType();
        }
        @Nullable EnumDescriptor none = null;
        return field.getJavaType() == JavaType.ENUM ? field.getEnumType() : none;
    }
}
