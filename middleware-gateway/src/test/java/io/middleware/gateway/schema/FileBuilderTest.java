package io.middleware.gateway.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.Edition;
import com.google.protobuf.DescriptorProtos.FeatureSet;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileBuilderTest {

    @Test
    void filesThatImportEachOther_areLeftOut_andOthersAreNot() {
        FileBuilder builder = built(file("a.proto", "b.proto"), file("b.proto", "a.proto"), file("c.proto"));

        assertThat(names(builder)).containsExactly("c.proto");
        assertThat(builder.broken()).containsOnlyKeys("a.proto", "b.proto");
        assertThat(builder.broken().get("a.proto")).contains("imports itself");
    }

    /** Deeper than a thread's stack. */
    @Test
    void importsThatAreDeep_areBuilt_alsoWhereTheyEndInACycle() {
        FileDescriptorProto[] chain = chain(20_000, false);
        assertThat(names(built(chain))).hasSize(20_000);

        chain[0] = file("f0.proto", "f19999.proto");
        FileBuilder cycle = built(chain);
        assertThat(cycle.files()).isEmpty();
        assertThat(cycle.broken()).hasSize(20_000);
    }

    /** The library itself recurses into these. */
    @Test
    void publicImportsThatAreTooDeep_areLeftOut() {
        FileBuilder builder = built(chain(20_000, true));
        assertThat(names(builder)).contains("f0.proto").doesNotContain("f19999.proto");
        assertThat(builder.broken().get("f19999.proto")).contains("too deep");
    }

    /** Files that import one another, the last one all of them. */
    private static FileDescriptorProto[] chain(int length, boolean isPublic) {
        FileDescriptorProto[] files = new FileDescriptorProto[length];
        files[0] = file("f0.proto");
        for (int i = 1; i < length; i++) {
            FileDescriptorProto.Builder file = file("f" + i + ".proto", "f" + (i - 1) + ".proto").toBuilder();
            files[i] = isPublic ? file.addPublicDependency(0).build() : file.build();
        }
        return files;
    }

    @Test
    void importThatIsMissing_isDoneWithoutWhereNothingOfItIsUsed() {
        FileBuilder builder = built(file("a.proto", "gone.proto").toBuilder()
                .addMessageType(message("A"))
                .build());

        assertThat(builder.broken()).isEmpty();
        assertThat(FileBuilder.missing(builder.files().getFirst().findMessageTypeByName("A")))
                .isNull();
    }

    @Test
    void messageThatNeedsWhatIsMissing_saysWhich_alsoFromAFileThatImportsItsFile() {
        FileBuilder builder = built(
                file("a.proto", "gone.proto").toBuilder()
                        .setPackage("a")
                        .addMessageType(message("Plain"))
                        .addMessageType(message("Needy", field("x", Type.TYPE_MESSAGE, ".gone.v1.X")))
                        .addMessageType(message("Choosy", field("x", Type.TYPE_ENUM, ".gone.v1.E")))
                        .build(),
                file("b.proto", "a.proto").toBuilder()
                        .setPackage("b")
                        .addMessageType(message("Outer", field("needy", Type.TYPE_MESSAGE, ".a.Needy")))
                        .build());

        assertThat(builder.broken()).isEmpty();
        assertThat(names(builder)).containsExactlyInAnyOrder("a.proto", "b.proto");
        FileDescriptor a = file(builder, "a.proto");
        assertThat(FileBuilder.missing(a.findMessageTypeByName("Plain"))).isNull();
        assertThat(FileBuilder.missing(a.findMessageTypeByName("Needy"))).isEqualTo("gone.proto");
        assertThat(FileBuilder.missing(a.findMessageTypeByName("Choosy"))).isEqualTo("gone.proto");
        assertThat(FileBuilder.missing(file(builder, "b.proto").findMessageTypeByName("Outer")))
                .isEqualTo("gone.proto");
        Types types = new Types(builder.files(), Types.Lookup.NONE);
        assertThat(types.message("a.Plain")).isNotNull();
        assertThat(types.message("a.Needy")).as("what cannot be read whole").isNull();
    }

    @Test
    void typeThatNothingDefines_spoilsOnlyWhatNeedsIt_alsoWhereNoFileIsMissing() {
        FileBuilder builder = built(
                file("a.proto", "b.proto").toBuilder()
                        .setPackage("a")
                        .addMessageType(message("Plain"))
                        .addMessageType(message("Needy", field("x", Type.TYPE_MESSAGE, ".gone.v1.X")))
                        .addMessageType(message("Choosy", field("x", Type.TYPE_ENUM, ".gone.v1.E")))
                        .addMessageType(message("Other", field("b", Type.TYPE_MESSAGE, ".b.B")))
                        .build(),
                file("b.proto").toBuilder()
                        .setPackage("b")
                        .addMessageType(message("B"))
                        .build());

        assertThat(builder.broken()).isEmpty();
        FileDescriptor a = file(builder, "a.proto");
        assertThat(FileBuilder.missing(a.findMessageTypeByName("Plain"))).isNull();
        assertThat(FileBuilder.missing(a.findMessageTypeByName("Other"))).isNull();
        assertThat(FileBuilder.missing(a.findMessageTypeByName("Needy"))).isEqualTo("gone.v1.X");
        assertThat(FileBuilder.missing(a.findMessageTypeByName("Choosy"))).isEqualTo("gone.v1.E");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"proto2", "proto3", "edition with a feature of the file", "edition with features of fields"})
    void stringThatIsNotUtf8_isRefused_whateverTheFileSays(String syntax) {
        FileDescriptorProto.Builder file =
                file("a.proto").toBuilder().setSyntax(syntax.startsWith("edition") ? "editions" : syntax);
        DescriptorProto.Builder message =
                message("A", string(1, Label.LABEL_OPTIONAL), string(2, Label.LABEL_REPEATED)).toBuilder();
        message.addField(field("map", Type.TYPE_MESSAGE, ".A.MapEntry").toBuilder()
                        .setNumber(3)
                        .setLabel(Label.LABEL_REPEATED))
                .addNestedType(message(
                                "MapEntry",
                                string(1, Label.LABEL_OPTIONAL).toBuilder()
                                        .setName("key")
                                        .build(),
                                string(2, Label.LABEL_OPTIONAL).toBuilder()
                                        .setName("value")
                                        .build())
                        .toBuilder()
                        .setOptions(MessageOptions.newBuilder().setMapEntry(true)));
        FeatureSet unchecked = FeatureSet.newBuilder()
                .setUtf8Validation(FeatureSet.Utf8Validation.NONE)
                .build();
        if (syntax.startsWith("edition")) {
            file.setEdition(Edition.EDITION_2023);
            if (syntax.endsWith("file")) {
                file.getOptionsBuilder().setFeatures(unchecked);
            } else {
                message.getFieldBuilderList()
                        .forEach(field -> field.getOptionsBuilder().setFeatures(unchecked));
            }
        }
        Descriptor type =
                file(built(file.addMessageType(message).build()), "a.proto").findMessageTypeByName("A");

        assertThatCode(() -> DynamicMessage.parseFrom(type, new byte[] {10, 1, 'a', 18, 1, 'b', 26, 3, 10, 1, 'c'}))
                .doesNotThrowAnyException();
        for (byte[] bytes : new byte[][] {{10, 1, -1}, {18, 1, -1}, {26, 3, 10, 1, -1}, {26, 3, 18, 1, -1}}) {
            assertThatThrownBy(() -> DynamicMessage.parseFrom(type, bytes))
                    .isInstanceOf(InvalidProtocolBufferException.class)
                    .hasMessageContaining("UTF-8");
        }
    }

    @Test
    void typeThatCameInAFileOfAnotherName_isFound() {
        FileBuilder builder = built(
                file("a.proto", "x/needed.proto").toBuilder()
                        .addMessageType(message("A", field("n", Type.TYPE_MESSAGE, ".n.N")))
                        .build(),
                file("needed.proto").toBuilder()
                        .setPackage("n")
                        .addMessageType(message("N"))
                        .build());

        FileDescriptor a = file(builder, "a.proto");
        assertThat(FileBuilder.missing(a.findMessageTypeByName("A"))).isNull();
        assertThat(a.findMessageTypeByName("A")
                        .findFieldByName("n")
                        .getMessageType()
                        .getFile()
                        .getName())
                .isEqualTo("needed.proto");
    }

    @Test
    void fileThatContradictsItself_spoilsThoseThatImportItOnly() {
        FileBuilder builder = built(
                file("bad.proto").toBuilder()
                        .addMessageType(message("A"))
                        .addMessageType(message("A"))
                        .build(),
                file("user.proto", "bad.proto"),
                file("good.proto"));

        assertThat(names(builder)).containsExactly("good.proto");
        assertThat(builder.broken()).containsOnlyKeys("bad.proto", "user.proto");
    }

    @Test
    void publicImports_keepTheirPlaces() {
        FileBuilder builder = built(
                file("a.proto", "gone.proto", "b.proto").toBuilder()
                        .addPublicDependency(0)
                        .addPublicDependency(1)
                        .build(),
                file("b.proto"));

        assertThat(file(builder, "a.proto").getPublicDependencies())
                .extracting(FileDescriptor::getName)
                .containsExactly("b.proto");
    }

    private static FileBuilder built(FileDescriptorProto... files) {
        Map<String, FileDescriptorProto> byName = new LinkedHashMap<>();
        List.of(files).forEach(file -> byName.put(file.getName(), file));
        FileBuilder builder = new FileBuilder(byName, List.of());
        builder.build();
        return builder;
    }

    private static List<String> names(FileBuilder builder) {
        return builder.files().stream().map(FileDescriptor::getName).toList();
    }

    private static FileDescriptor file(FileBuilder builder, String name) {
        return builder.files().stream()
                .filter(file -> file.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static FileDescriptorProto file(String name, String... imports) {
        return FileDescriptorProto.newBuilder()
                .setName(name)
                .setSyntax("proto3")
                .addAllDependency(List.of(imports))
                .build();
    }

    private static DescriptorProto message(String name, FieldDescriptorProto... fields) {
        return DescriptorProto.newBuilder()
                .setName(name)
                .addAllField(List.of(fields))
                .build();
    }

    private static FieldDescriptorProto string(int number, Label label) {
        return FieldDescriptorProto.newBuilder()
                .setName("s" + number)
                .setNumber(number)
                .setType(Type.TYPE_STRING)
                .setLabel(label)
                .build();
    }

    private static FieldDescriptorProto field(String name, Type type, String typeName) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(1)
                .setType(type)
                .setTypeName(typeName)
                .setLabel(Label.LABEL_OPTIONAL)
                .build();
    }
}
