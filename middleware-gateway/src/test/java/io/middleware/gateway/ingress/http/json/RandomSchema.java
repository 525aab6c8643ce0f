package io.middleware.gateway.ingress.http.json;

import com.google.protobuf.AnyProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WrappersProto;
import java.util.List;
import java.util.Random;

/** Draws a file with a few messages of fields of every kind, and a method from and to the first message. */
public final class RandomSchema {
    private static final FileDescriptor[] IMPORTS = {
        AnyProto.getDescriptor(),
        DurationProto.getDescriptor(),
        FieldMaskProto.getDescriptor(),
        StructProto.getDescriptor(),
        TimestampProto.getDescriptor(),
        WrappersProto.getDescriptor()
    };
    private static final String[] COMMON = {
        "Any",
        "Duration",
        "FieldMask",
        "Struct",
        "Value",
        "ListValue",
        "Timestamp",
        "BoolValue",
        "BytesValue",
        "DoubleValue",
        "FloatValue",
        "Int32Value",
        "Int64Value",
        "StringValue",
        "UInt32Value",
        "UInt64Value"
    };
    private static final Type[] KEYS = {
        Type.TYPE_INT32,
        Type.TYPE_INT64,
        Type.TYPE_UINT32,
        Type.TYPE_UINT64,
        Type.TYPE_SINT32,
        Type.TYPE_SINT64,
        Type.TYPE_FIXED32,
        Type.TYPE_FIXED64,
        Type.TYPE_SFIXED32,
        Type.TYPE_SFIXED64,
        Type.TYPE_BOOL,
        Type.TYPE_STRING
    };
    private static final int MESSAGES = 3;

    private final Random random;
    private final boolean proto3;

    private RandomSchema(Random random) {
        this.random = random;
        this.proto3 = random.nextBoolean();
    }

    public static FileDescriptor draw(Random random) throws DescriptorValidationException {
        RandomSchema schema = new RandomSchema(random);
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder()
                .setName("random.proto")
                .setPackage("r")
                .setSyntax(schema.proto3 ? "proto3" : "proto2");
        file.getOptionsBuilder().setJavaStringCheckUtf8(true);
        List.of(IMPORTS).forEach(imported -> file.addDependency(imported.getName()));
        file.addEnumType(EnumDescriptorProto.newBuilder()
                .setName("E")
                .addValue(value("ZERO", 0))
                .addValue(value("ONE", 1))
                .addValue(value("LOW", -5)));
        for (int i = 0; i < MESSAGES; i++) {
            file.addMessageType(schema.message("M" + i));
        }
        file.addServiceBuilder()
                .setName("S")
                .addMethod(MethodDescriptorProto.newBuilder()
                        .setName("Do")
                        .setInputType(".r.M0")
                        .setOutputType(".r.M0"));
        return FileDescriptor.buildFrom(file.build(), IMPORTS);
    }

    private static EnumValueDescriptorProto value(String name, int number) {
        return EnumValueDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .build();
    }

    private DescriptorProto message(String name) {
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
        int fields = random.nextInt(12);
        boolean oneof = fields > 2 && random.nextBoolean();
        if (oneof) {
            message.addOneofDecl(OneofDescriptorProto.newBuilder().setName("choice"));
        }
        for (int i = 1; i <= fields; i++) {
            FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder()
                    .setName("field_" + (char) ('a' + i))
                    .setNumber(i * i);
            if (oneof && i <= 2) {
                typed(field.setLabel(Label.LABEL_OPTIONAL).setOneofIndex(0));
            } else if (random.nextInt(5) == 0) {
                map(message, name, field);
            } else {
                typed(field.setLabel(
                        random.nextInt(3) == 0
                                ? Label.LABEL_REPEATED
                                : !proto3 && random.nextInt(6) == 0 ? Label.LABEL_REQUIRED : Label.LABEL_OPTIONAL));
            }
            message.addField(field);
        }
        return message.build();
    }

    private void map(DescriptorProto.Builder message, String name, FieldDescriptorProto.Builder field) {
        String entry = "Field" + Character.toUpperCase(field.getName().charAt(6)) + "Entry";
        message.addNestedTypeBuilder()
                .setName(entry)
                .setOptions(MessageOptions.newBuilder().setMapEntry(true))
                .addField(FieldDescriptorProto.newBuilder()
                        .setName("key")
                        .setNumber(1)
                        .setLabel(Label.LABEL_OPTIONAL)
                        .setType(KEYS[random.nextInt(KEYS.length)]))
                .addField(typed(FieldDescriptorProto.newBuilder()
                        .setName("value")
                        .setNumber(2)
                        .setLabel(Label.LABEL_OPTIONAL)));
        field.setLabel(Label.LABEL_REPEATED).setType(Type.TYPE_MESSAGE).setTypeName(".r." + name + "." + entry);
    }

    private FieldDescriptorProto.Builder typed(FieldDescriptorProto.Builder field) {
        Type type = Type.values()[random.nextInt(Type.values().length)];
        return switch (type) {
            case TYPE_GROUP ->
                field.setType(Type.TYPE_MESSAGE)
                        .setTypeName(".google.protobuf." + COMMON[random.nextInt(COMMON.length)]);
            case TYPE_MESSAGE -> field.setType(type).setTypeName(".r.M" + random.nextInt(MESSAGES));
            case TYPE_ENUM -> field.setType(type).setTypeName(".r.E");
            default -> field.setType(type);
        };
    }
}
