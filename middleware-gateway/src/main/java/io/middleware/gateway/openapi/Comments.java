package io.middleware.gateway.openapi;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds the comments of {@code .proto} files. Most servers leave them out of their descriptors. */
final class Comments {
    private final Map<FileDescriptor, Map<List<Integer>, String>> files = new HashMap<>();

    /** Returns the comment before a definition or, if there is none, beside it; empty if there is neither. */
    String of(GenericDescriptor defined) {
        Map<List<Integer>, String> comments = files.computeIfAbsent(defined.getFile(), Comments::read);
        return comments.isEmpty() ? "" : comments.getOrDefault(path(defined), "");
    }

    private static Map<List<Integer>, String> read(FileDescriptor file) {
        Map<List<Integer>, String> comments = new HashMap<>();
        for (Location location : file.toProto().getSourceCodeInfo().getLocationList()) {
            String comment =
                    location.hasLeadingComments() ? location.getLeadingComments() : location.getTrailingComments();
            if (!comment.isBlank()) {
                comments.put(location.getPathList(), text(comment));
            }
        }
        return comments;
    }

    private static String text(String comment) {
        return comment.lines()
                .map(line -> line.startsWith(" ") ? line.substring(1) : line)
                .map(String::stripTrailing)
                .collect(Collectors.joining("\n"))
                .strip();
    }

    /** Returns the numbers of the fields, and the places in them, that lead from the file to the definition. */
    private static List<Integer> path(GenericDescriptor defined) {
        return switch (defined) {
            case Descriptor message ->
                message.getContainingType() == null
                        ? List.of(FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER, message.getIndex())
                        : below(
                                message.getContainingType(),
                                DescriptorProto.NESTED_TYPE_FIELD_NUMBER,
                                message.getIndex());
            case FieldDescriptor field ->
                below(field.getContainingType(), DescriptorProto.FIELD_FIELD_NUMBER, field.getIndex());
            case EnumDescriptor type ->
                type.getContainingType() == null
                        ? List.of(FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER, type.getIndex())
                        : below(type.getContainingType(), DescriptorProto.ENUM_TYPE_FIELD_NUMBER, type.getIndex());
            case EnumValueDescriptor value ->
                below(value.getType(), EnumDescriptorProto.VALUE_FIELD_NUMBER, value.getIndex());
            case ServiceDescriptor service -> List.of(FileDescriptorProto.SERVICE_FIELD_NUMBER, service.getIndex());
            case MethodDescriptor method ->
                below(method.getService(), ServiceDescriptorProto.METHOD_FIELD_NUMBER, method.getIndex());
            default -> List.of();
        };
    }

    private static List<Integer> below(GenericDescriptor parent, int field, int index) {
        List<Integer> path = new ArrayList<>(path(parent));
        path.add(field);
        path.add(index);
        return path;
    }
}
