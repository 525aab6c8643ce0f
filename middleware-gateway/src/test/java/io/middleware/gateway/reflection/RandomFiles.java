package io.middleware.gateway.reflection;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.TimestampProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Draws services whose files import each other, and share names with files of other services more often than not. */
final class RandomFiles {
    private final Random random;
    private final int variants;

    /** {@code variants}: of how many contents a file of one name has one. */
    RandomFiles(Random random, int variants) {
        this.random = random;
        this.variants = variants;
    }

    /** Returns the file that declares {@code svc.NAME}; {@code count} others are or are not imported. */
    FileDescriptor service(String name, int count) throws DescriptorValidationException {
        List<FileDescriptor> files = new ArrayList<>(List.of(TimestampProto.getDescriptor()));
        for (int i = 0; i < count; i++) {
            files.add(file("common/f" + i + ".proto", "M" + i, files));
        }
        return withService("api" + random.nextInt(3) + ".proto", name, files);
    }

    private FileDescriptor file(String file, String message, List<FileDescriptor> others)
            throws DescriptorValidationException {
        FileDescriptorProto.Builder proto = FileDescriptorProto.newBuilder()
                .setName(file)
                .setPackage("common")
                .setSyntax("proto3");
        List<FileDescriptor> imports = drawImports(proto, others);
        DescriptorProto.Builder type = proto.addMessageTypeBuilder().setName(message);
        type.addFieldBuilder()
                .setName("variant_" + random.nextInt(variants))
                .setNumber(1)
                .setLabel(Label.LABEL_OPTIONAL)
                .setType(Type.TYPE_STRING);
        for (int i = 0; i < imports.size(); i++) {
            type.addField(field(i + 2, imports.get(i)));
        }
        return FileDescriptor.buildFrom(proto.build(), imports.toArray(FileDescriptor[]::new));
    }

    private List<FileDescriptor> drawImports(FileDescriptorProto.Builder proto, List<FileDescriptor> others) {
        List<FileDescriptor> imports = new ArrayList<>();
        for (FileDescriptor other : others) {
            if (random.nextInt(3) == 0) {
                if (random.nextInt(4) == 0) {
                    proto.addPublicDependency(proto.getDependencyCount());
                }
                proto.addDependency(other.getName());
                imports.add(other);
            }
        }
        return imports;
    }

    private static FieldDescriptorProto field(int number, FileDescriptor imported) {
        return FieldDescriptorProto.newBuilder()
                .setName("field_" + number)
                .setNumber(number)
                .setLabel(Label.LABEL_OPTIONAL)
                .setType(Type.TYPE_MESSAGE)
                .setTypeName("." + imported.getMessageTypes().getFirst().getFullName())
                .build();
    }

    private FileDescriptor withService(String file, String service, List<FileDescriptor> others)
            throws DescriptorValidationException {
        FileDescriptorProto.Builder proto =
                FileDescriptorProto.newBuilder().setName(file).setPackage("svc").setSyntax("proto3");
        FileDescriptor last = others.getLast();
        proto.addDependency(last.getName());
        String type = "." + last.getMessageTypes().getFirst().getFullName();
        proto.addServiceBuilder()
                .setName(service)
                .addMethod(MethodDescriptorProto.newBuilder()
                        .setName("Do")
                        .setInputType(type)
                        .setOutputType(type));
        return FileDescriptor.buildFrom(proto.build(), new FileDescriptor[] {last});
    }
}
