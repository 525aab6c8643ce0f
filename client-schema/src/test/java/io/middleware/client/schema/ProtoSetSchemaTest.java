package io.middleware.client.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.middleware.testsupport.shop.v1.Item;
import io.middleware.testsupport.shop.v1.Shop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProtoSetSchemaTest {

    private static final FileDescriptor SHOP = Shop.getDescriptor();
    private static final FileDescriptor ITEM = Item.getDescriptor().getFile();

    @TempDir
    private Path folder;

    @Test
    void service_isFoundWhereverItsFileStandsInTheSet() throws IOException {
        assertThat(new ProtoSetSchema(set(ITEM, SHOP)).service("shop.v1.ShopService"))
                .isPresent();
        assertThat(new ProtoSetSchema(set(SHOP, ITEM)).service("shop.v1.ShopService"))
                .isPresent();
    }

    @Test
    void unknownService_isAbsent() throws IOException {
        assertThat(new ProtoSetSchema(set(ITEM, SHOP)).service("shop.v1.Bank")).isEmpty();
    }

    @Test
    void missingImport_isNamed() throws IOException {
        Path file = set(SHOP);

        assertRefused(
                file,
                file + " lacks the import shop/v1/item.proto: "
                        + "expected the output of protoc --include_imports --descriptor_set_out=FILE");
    }

    @Test
    void otherFile_isNoDescriptorSet() throws IOException {
        Path file = Files.writeString(folder.resolve("shop.proto"), "syntax = \"proto3\";");

        assertRefused(
                file,
                file + " is no descriptor set: "
                        + "expected the output of protoc --include_imports --descriptor_set_out=FILE");
    }

    @Test
    void missingFile_isNamed() {
        Path file = folder.resolve("nowhere.pb");

        assertRefused(file, file + ": no such file");
    }

    private Path set(FileDescriptor... files) throws IOException {
        var protos = Stream.of(files).map(FileDescriptor::toProto).toList();
        return Files.write(
                folder.resolve("set.pb"),
                FileDescriptorSet.newBuilder().addAllFile(protos).build().toByteArray());
    }

    private static void assertRefused(Path file, String message) {
        assertThatExceptionOfType(SchemaException.class)
                .isThrownBy(() -> new ProtoSetSchema(file))
                .withMessage(message);
    }
}
