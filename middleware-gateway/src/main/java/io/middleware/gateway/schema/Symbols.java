package io.middleware.gateway.schema;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The types that files define and use, by full name. */
final class Symbols {
    private static final Map<String, String> COMMON =
            definitions(CommonFiles.all().map(FileDescriptor::toProto).toList());

    private Symbols() {}

    /** Returns the names of the files that define types, those of {@link CommonFiles} included, by type. */
    static Map<String, String> definers(Collection<FileDescriptorProto> files) {
        Map<String, String> definers = new HashMap<>(definitions(files));
        definers.putAll(COMMON);
        return definers;
    }

    /**
     * Returns the types that the file uses, and whether each is an enum. Relative names are left out: compilers never
     * write them.
     */
    static Map<String, Boolean> uses(FileDescriptorProto file) {
        Map<String, Boolean> uses = new TreeMap<>();
        BiConsumer<String, Boolean> use = (name, isEnum) -> {
            if (name.startsWith(".")) {
                uses.put(name.substring(1), isEnum);
            }
        };
        file.getMessageTypeList().forEach(message -> uses(message, use));
        file.getExtensionList().forEach(field -> uses(field, use));
        for (ServiceDescriptorProto service : file.getServiceList()) {
            for (MethodDescriptorProto method : service.getMethodList()) {
                use.accept(method.getInputType(), false);
                use.accept(method.getOutputType(), false);
            }
        }
        return uses;
    }

    private static void uses(DescriptorProto message, BiConsumer<String, Boolean> use) {
        message.getFieldList().forEach(field -> uses(field, use));
        message.getExtensionList().forEach(field -> uses(field, use));
        message.getNestedTypeList().forEach(nested -> uses(nested, use));
    }

    private static void uses(FieldDescriptorProto field, BiConsumer<String, Boolean> use) {
        use.accept(field.getExtendee(), false);
        use.accept(field.getTypeName(), field.getType() == Type.TYPE_ENUM);
    }

    private static Map<String, String> definitions(Collection<FileDescriptorProto> files) {
        Map<String, String> definitions = new HashMap<>();
        for (FileDescriptorProto file : files) {
            String scope = file.getPackage().isEmpty() ? "" : file.getPackage() + ".";
            file.getMessageTypeList().forEach(message -> define(scope, message, file.getName(), definitions));
            for (EnumDescriptorProto type : file.getEnumTypeList()) {
                definitions.put(scope + type.getName(), file.getName());
            }
        }
        return definitions;
    }

    private static void define(String scope, DescriptorProto message, String file, Map<String, String> definitions) {
        String name = scope + message.getName();
        definitions.put(name, file);
        message.getNestedTypeList().forEach(nested -> define(name + ".", nested, file, definitions));
        message.getEnumTypeList().forEach(type -> definitions.put(name + "." + type.getName(), file));
    }
}
