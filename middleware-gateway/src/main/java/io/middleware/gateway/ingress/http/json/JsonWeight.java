package io.middleware.gateway.ingress.http.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.HashSet;
import java.util.Set;

/**
 * Estimates, from above, the heap that a JSON text takes while it becomes a message:
 *
 * <pre>5 * text + length + 120 * (commas + colons + arrays) + 400 * objects</pre>
 *
 * The text is there as a string, in the parser's buffer, as strings of the tree and in the message's frame. A value is
 * a node of the tree and a boxed value of the message, an object a map and a message. Where values may become messages
 * of their own (wrappers, {@code google.protobuf.Value}), a value counts as an object.
 */
final class JsonWeight {
    private static final String WELL_KNOWN = "google.protobuf";
    /** Of these, the ones that hold any number of values. */
    private static final Set<String> OPEN = Set.of("Any", "Struct", "Value", "ListValue");

    private static final int COPIES = 5;
    private static final int VALUE = 120;
    private static final int OBJECT = 400;

    private JsonWeight() {}

    /** Returns whether any number of values of the type's JSON may become messages. */
    static boolean isBoxed(Descriptor type) {
        return isBoxed(type, new HashSet<>());
    }

    private static boolean isBoxed(Descriptor type, Set<Descriptor> seen) {
        return seen.add(type)
                && type.getFields().stream()
                        .filter(field -> field.getJavaType() == JavaType.MESSAGE)
                        .anyMatch(field -> isWellKnown(field.getMessageType())
                                ? field.isRepeated()
                                        || OPEN.contains(field.getMessageType().getName())
                                : isBoxed(field.getMessageType(), seen));
    }

    private static boolean isWellKnown(Descriptor type) {
        return type.getFile().getPackage().equals(WELL_KNOWN);
    }

    /**
     * Returns bytes. {@code boxed}: whether values may become messages. One pass over the text, which need not be
     * well-formed.
     */
    static long of(byte[] json, boolean boxed) {
        long values = 0;
        long objects = 0;
        long characters = 0;
        boolean wide = false;
        boolean inString = false;
        for (int i = 0; i < json.length; i++) {
            byte c = json[i];
            characters += c < (byte) 0xc0 ? 0 : 1;
            wide |= c < 0 && (c & 0xff) > 0xc3;
            if (inString) {
                if (c == '\\') {
                    i++;
                    characters++;
                } else if (c == '"') {
                    inString = false;
                }
            } else {
                switch (c) {
                    case '"' -> inString = true;
                    case ',', ':', '[' -> values++;
                    case '{' -> objects++;
                    default -> {}
                }
            }
        }
        return COPIES * characters * (wide ? 2 : 1)
                + json.length
                + values * (boxed ? OBJECT : VALUE)
                + objects * OBJECT;
    }
}
