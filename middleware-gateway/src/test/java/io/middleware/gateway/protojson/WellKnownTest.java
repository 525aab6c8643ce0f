package io.middleware.gateway.protojson;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.AnyProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WrappersProto;
import io.middleware.gateway.schema.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies of the well-known types, in files of other names. */
class WellKnownTest {
    private static final FileDescriptor[] FILES = {
        AnyProto.getDescriptor(),
        DurationProto.getDescriptor(),
        FieldMaskProto.getDescriptor(),
        StructProto.getDescriptor(),
        TimestampProto.getDescriptor(),
        WrappersProto.getDescriptor()
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'timestamp':'2026-01-31T12:00:00Z'}",
                "{'duration':'1.500s'}",
                "{'fieldMask':'a,bC'}",
                "{'value':null}",
                "{'value':[1.0,{'a':null}]}",
                "{'struct':{'a':{'b':[true,'x']}}}",
                "{'listValue':[null,[]]}",
                "{'boolValue':false}",
                "{'int64Value':'5'}",
                "{'bytesValue':'AQI='}",
                "{'any':{'@type':'t/google.protobuf.Duration','value':'1s'}}"
            })
    void copy_hasTheSameJson(String json) throws Exception {
        Descriptor holder = holder();
        String text = json.replace('\'', '"');
        DynamicMessage read = DynamicMessage.parseFrom(
                holder,
                MessageReader.read(JsonText.parse(text), holder, Types.of(holder.getFile()))
                        .toByteString());

        assertThat(MessageWriter.write(read, Types.of(holder.getFile()))).isEqualTo(text);
        assertThat(read.getAllFields()).hasSize(1);
    }

    @Test
    void typeThatOnlyHasTheName_isAMessageLikeAnyOther() throws Exception {
        for (DescriptorProto other : List.of(
                message(field("seconds", 1, Type.TYPE_INT32)),
                message(field("seconds", 1, Type.TYPE_INT64), field("nanos", 3, Type.TYPE_INT32)),
                message(
                        field("seconds", 1, Type.TYPE_INT64),
                        field("nanos", 2, Type.TYPE_INT32),
                        field("zone", 3, Type.TYPE_STRING)))) {
            Descriptor type = FileDescriptor.buildFrom(
                            FileDescriptorProto.newBuilder()
                                    .setName("copy.proto")
                                    .setSyntax("proto3")
                                    .setPackage("google.protobuf")
                                    .addMessageType(other)
                                    .build(),
                            new FileDescriptor[0])
                    .getMessageTypes()
                    .getFirst();
            DynamicMessage made = DynamicMessage.parseFrom(type, new byte[] {8, 5});

            assertThat(WellKnown.of(type)).isNull();
            assertThat(MessageWriter.write(made, Types.of())).startsWith("{\"seconds\":");
        }
    }

    /** Returns a message with a field of each type, all of them copies. */
    private static Descriptor holder() throws DescriptorValidationException {
        List<FileDescriptor> copies = new ArrayList<>();
        FileDescriptorProto.Builder file =
                FileDescriptorProto.newBuilder().setName("holder.proto").setSyntax("proto3");
        DescriptorProto.Builder holder = file.addMessageTypeBuilder().setName("Holder");
        for (FileDescriptor original : FILES) {
            FileDescriptor copy = FileDescriptor.buildFrom(
                    original.toProto().toBuilder()
                            .setName("vendor/" + original.getName())
                            .build(),
                    new FileDescriptor[0]);
            copies.add(copy);
            file.addDependency(copy.getName());
            for (Descriptor type : copy.getMessageTypes()) {
                holder.addField(field(
                                type.getName()
                                        .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_")
                                        .toLowerCase(Locale.ROOT),
                                holder.getFieldCount() + 1,
                                Type.TYPE_MESSAGE)
                        .toBuilder()
                        .setTypeName("." + type.getFullName()));
            }
        }
        return FileDescriptor.buildFrom(file.build(), copies.toArray(FileDescriptor[]::new))
                .findMessageTypeByName("Holder");
    }

    private static DescriptorProto message(FieldDescriptorProto... fields) {
        return DescriptorProto.newBuilder()
                .setName("Timestamp")
                .addAllField(List.of(fields))
                .build();
    }

    private static FieldDescriptorProto field(String name, int number, Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(Label.LABEL_OPTIONAL)
                .build();
    }
}
