package io.middleware.gateway.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import io.middleware.gateway.library.v1.Book;
import java.util.List;
import org.junit.jupiter.api.Test;

class DescriptorFilesTest {
    private static final FileDescriptorProto LIBRARY =
            Book.getDescriptor().getFile().toProto();

    @Test
    void missing_isWhatIsImportedButNeitherThereNorCommon() {
        assertThat(DescriptorFiles.missing(List.of(LIBRARY))).containsExactly("library/v1/genre.proto");
    }

    @Test
    void equalBytes_areEqual() {
        assertThat(files(file("a.proto"))).isEqualTo(files(file("a.proto"))).isNotEqualTo(files(file("b.proto")));
    }

    private static FileDescriptorProto file(String name, String... imports) {
        return FileDescriptorProto.newBuilder()
                .setName(name)
                .addAllDependency(List.of(imports))
                .build();
    }

    private static DescriptorFiles files(FileDescriptorProto... files) {
        return new DescriptorFiles(java.util.Arrays.stream(files)
                .collect(java.util.stream.Collectors.<FileDescriptorProto, String, ByteString>toMap(
                        FileDescriptorProto::getName, FileDescriptorProto::toByteString)));
    }
}
