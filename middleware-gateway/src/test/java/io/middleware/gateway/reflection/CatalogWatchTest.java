package io.middleware.gateway.reflection;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.middleware.core.Settings;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.directory.Directory;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import io.middleware.gateway.library.v1.Book;
import io.middleware.gateway.schema.BreakingFiles;
import io.middleware.gateway.schema.Schema;
import io.middleware.gateway.schema.ServiceFiles;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What becomes of the catalog if it cannot be built. */
@ExtendWith(OutputCaptureExtension.class)
class CatalogWatchTest {
    private static final String SERVICE = "library.v1.Library";

    private final Directory directory =
            new Directory(service -> new PowerOfTwoChoices(), Instance::new, Settings.defaults(), System::nanoTime);
    private volatile Schema schema = Schema.EMPTY;

    CatalogWatchTest() {
        directory.update(
                "library",
                List.of(new Registration("1", "127.0.0.1", 1, Pool.PRIMARY, 1, List.of(SERVICE), false, true, 1, 1)));
    }

    private static FileDescriptor library() {
        return Book.getDescriptor().getFile();
    }

    private static Schema schema(ServiceFiles files) {
        return new Schema(Map.of(), Map.of(), Map.of(SERVICE, files));
    }

    private static FileDescriptor chain(int length) throws DescriptorValidationException {
        FileDescriptor[] imports = {};
        for (int i = 0; i < length; i++) {
            FileDescriptorProto.Builder proto =
                    FileDescriptorProto.newBuilder().setName(i + ".proto").setSyntax("proto3");
            for (FileDescriptor imported : imports) {
                proto.addDependency(imported.getName());
            }
            imports = new FileDescriptor[] {FileDescriptor.buildFrom(proto.build(), imports)};
        }
        return imports[0];
    }

    private static int count(CapturedOutput output, String text) {
        return output.getAll().split(text, -1).length - 1;
    }

    /** Deeper than a thread's stack. */
    @Test
    void importsThatAreDeep_areAllInTheCatalog(CapturedOutput output) throws DescriptorValidationException {
        schema = schema(ServiceFiles.of(chain(50_000)));
        try (CatalogWatch watch = new CatalogWatch(directory, () -> schema)) {
            watch.refresh();

            assertThat(watch.catalog().file("0.proto")).isNotNull();
            assertThat(watch.catalog().file("49999.proto").closure()).hasSize(49_999);
            assertThat(watch.catalog().file("49999.proto").entries()).hasSizeBetween(1_000, 50_000);
            assertThat(output).doesNotContain("cannot be built");
        }
    }

    @Test
    void whatCouldNotBeBuilt_isTriedAgain_andLoggedOnce(CapturedOutput output) {
        AtomicReference<RuntimeException> failure = new AtomicReference<>(new IllegalStateException("one"));
        schema = schema(BreakingFiles.of(library(), failure::get));
        try (CatalogWatch watch = new CatalogWatch(directory, () -> schema)) {
            look(watch);
            assertThat(watch.catalog().services()).doesNotContain(SERVICE);
            assertThat(count(output, "IllegalStateException: one")).isOne();

            failure.set(new IllegalStateException("two"));
            look(watch);
            assertThat(count(output, "IllegalStateException: two")).isOne();

            failure.set(null);
            look(watch);
            assertThat(watch.catalog().fileContaining(SERVICE)).isNotNull();
        }
    }

    private static void look(CatalogWatch watch) {
        for (int i = 0; i < 60; i++) {
            watch.refresh();
        }
    }
}
