package io.middleware.gateway.ingress.http.route;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.middleware.gateway.protojson.FieldNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the field mask of a {@code PATCH} whose caller gives none: it names what the body has, so that the server
 * changes that and nothing else. Its paths begin in the field that is the body; lists, maps and Protobuf's own types
 * are named as a whole, and a {@code null} clears its field.
 *
 * @see <a href="https://google.aip.dev/134">AIP-134</a>
 */
final class UpdateMask {
    private static final String TYPE = "google.protobuf.FieldMask";
    /** A mask of this name says what the response has (AIP-157). */
    private static final String READ_MASK = "read_mask";

    private final FieldDescriptor mask;
    private final FieldDescriptor body;
    private final Set<List<FieldDescriptor>> inPath;

    private UpdateMask(FieldDescriptor mask, FieldDescriptor body, Set<List<FieldDescriptor>> inPath) {
        this.mask = mask;
        this.body = body;
        this.inPath = inPath;
    }

    /**
     * Returns null if the request message has no field for it, or more than one.
     *
     * @param body   the field that is the body
     * @param inPath the fields that the path gives, which no mask names
     */
    static @Nullable UpdateMask of(FieldDescriptor body, Set<List<FieldDescriptor>> inPath) {
        List<FieldDescriptor> masks = body.getContainingType().getFields().stream()
                .filter(field ->
                        isMessage(field) && field.getMessageType().getFullName().equals(TYPE))
                .filter(field -> !field.getName().equals(READ_MASK))
                .toList();
        return masks.size() == 1 && isPlain(body) ? new UpdateMask(masks.getFirst(), body, inPath) : null;
    }

    /** Returns whether the request gives a mask itself. */
    boolean isGiven(JsonObject request) {
        return request.has(mask.getName()) || request.has(mask.getJsonName());
    }

    /** Returns a request message with nothing but the mask; {@code given}: the body. */
    Message of(JsonElement given) {
        List<String> paths = new ArrayList<>();
        if (given instanceof JsonObject object) {
            add(object, body.getMessageType(), List.of(body), paths);
        }
        DynamicMessage.Builder message = DynamicMessage.newBuilder(body.getContainingType());
        if (!paths.isEmpty()) {
            Descriptor type = mask.getMessageType();
            message.setField(
                    mask,
                    DynamicMessage.newBuilder(type)
                            .setField(type.findFieldByName("paths"), paths)
                            .build());
        }
        return message.buildPartial();
    }

    private void add(JsonObject object, Descriptor type, List<FieldDescriptor> above, List<String> paths) {
        object.asMap().forEach((name, value) -> {
            FieldDescriptor field = FieldNames.find(type, name);
            List<FieldDescriptor> path = new ArrayList<>(above);
            path.add(field);
            if (field == null || inPath.contains(path)) {
                return; // an unknown field is refused when the body is read
            }
            if (isPlain(field) && value instanceof JsonObject inner && !inner.isEmpty()) {
                add(inner, field.getMessageType(), path, paths);
            } else {
                paths.add(path.stream().skip(1).map(FieldDescriptor::getName).collect(Collectors.joining(".")));
            }
        });
    }

    private static boolean isMessage(FieldDescriptor field) {
        return field.getJavaType() == JavaType.MESSAGE && !field.isRepeated();
    }

    /** Returns whether JSON writes the field as an object of its fields. */
    private static boolean isPlain(FieldDescriptor field) {
        return isMessage(field) && !field.getMessageType().getFullName().startsWith("google.protobuf.");
    }
}
