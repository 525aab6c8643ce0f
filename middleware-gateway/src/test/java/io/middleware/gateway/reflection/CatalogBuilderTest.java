package io.middleware.gateway.reflection;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.middleware.core.MethodTraits.Idempotency;
import io.middleware.gateway.library.v1.Book;
import io.middleware.gateway.schema.ServiceFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class CatalogBuilderTest {
    private final CatalogBuilder builder = new CatalogBuilder();
    private final SortedMap<String, ServiceFiles> services = new TreeMap<>();

    private Catalog build(Map<String, Idempotency> holds) {
        return builder.build(new CatalogBuilder.Parts(services, holds));
    }

    private Catalog build() {
        return build(Map.of());
    }

    private static FileDescriptor library() {
        return Book.getDescriptor().getFile();
    }

    private static LinkedFiles linker(Catalog catalog) {
        return new LinkedFiles(name -> catalog.file(name).content());
    }

    @Test
    void everyFileOfAService_isThereUnderItsName() {
        services.put("library.v1.Library", ServiceFiles.of(library()));
        Catalog catalog = build();

        assertThat(catalog.services())
                .containsExactly(
                        "grpc.health.v1.Health",
                        "grpc.reflection.v1.ServerReflection",
                        "grpc.reflection.v1alpha.ServerReflection",
                        "library.v1.Library");
        CatalogFile file = catalog.fileContaining("library.v1.Library");
        assertThat(file.name()).isEqualTo(library().getName());
        assertThat(file.content()).isEqualTo(library().toProto().toByteString());
        assertThat(catalog.file(file.name())).isSameAs(file);
        assertThat(linker(catalog).link(file.content()).findServiceByName("Library"))
                .isNotNull();
    }

    @Test
    void aServiceWithoutADescription_isListed_andHasNoFile() {
        services.put("dark.v1.Dark", null);
        Catalog catalog = build();

        assertThat(catalog.services()).contains("dark.v1.Dark");
        assertThat(catalog.fileContaining("dark.v1.Dark")).isNull();
    }

    @Test
    void wellKnownFiles_areThere() {
        Catalog catalog = build();

        assertThat(catalog.file("google/protobuf/timestamp.proto")).isNotNull();
        assertThat(catalog.fileContaining("google.rpc.ErrorInfo").name()).isEqualTo("google/rpc/error_details.proto");
        assertThat(catalog.fileExtending("google.protobuf.MethodOptions", 72295728)
                        .name())
                .isEqualTo("google/api/annotations.proto");
        assertThat(catalog.extensionNumbers("google.protobuf.MethodOptions")).contains(72295728);
        assertThat(catalog.extensionNumbers("google.protobuf.Timestamp")).isEmpty();
        assertThat(catalog.extensionNumbers("google.protobuf.Nothing")).isNull();
        assertThat(catalog.extensionNumbers("grpc.health.v1.Health")).isNull();
    }

    @Test
    void membersOfSymbols_areFound() {
        services.put("library.v1.Library", ServiceFiles.of(library()));
        Catalog catalog = build();

        for (String symbol : List.of(
                "library.v1.Library.GetBook",
                "library.v1.Book.name",
                "grpc.health.v1.HealthCheckResponse.SERVING",
                "grpc.health.v1.HealthCheckResponse.ServingStatus",
                "grpc.reflection.v1.ServerReflectionRequest.message_request",
                "google.protobuf.NULL_VALUE")) {
            assertThat(catalog.fileContaining(symbol)).as(symbol).isNotNull();
        }
        for (String symbol : List.of("", ".", "library.v1", "library.v1.Book.", "library.v1.Book.none", "Book")) {
            assertThat(catalog.fileContaining(symbol)).as(symbol).isNull();
        }
    }

    @Test
    void filesOfOneNameWithOtherContents_bothLink_andOnlyOneIsRenamed() throws Exception {
        services.put("a.A", ServiceFiles.of(service("api.proto", "a", "A", "one")));
        services.put("b.B", ServiceFiles.of(service("api.proto", "b", "B", "two")));
        Catalog catalog = build();

        assertThat(catalog.fileContaining("a.A").name()).isEqualTo("api.proto");
        assertThat(catalog.fileContaining("b.B").name()).matches("api-[0-9a-f]{8}\\.proto");
        LinkedFiles linker = linker(catalog);
        assertThat(input(linker, catalog, "a.A").findFieldByName("one")).isNotNull();
        assertThat(input(linker, catalog, "b.B").findFieldByName("two")).isNotNull();
        assertThat(catalog.file("shared.proto")).isNotNull();
    }

    private static Descriptor input(LinkedFiles linker, Catalog catalog, String service) {
        return linker.link(catalog.fileContaining(service).content())
                .findServiceByName(service.substring(2))
                .findMethodByName("Do")
                .getInputType();
    }

    /** A service that takes {@code shared.Shared}, of {@code shared.proto}, with one field. */
    private static FileDescriptor service(String file, String scope, String name, String field)
            throws DescriptorValidationException {
        FileDescriptorProto.Builder shared =
                FileDescriptorProto.newBuilder().setName("shared.proto").setPackage("shared");
        shared.addMessageTypeBuilder()
                .setName("Shared")
                .addField(FieldDescriptorProto.newBuilder()
                        .setName(field)
                        .setNumber(1)
                        .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
                        .setType(FieldDescriptorProto.Type.TYPE_STRING));
        FileDescriptorProto.Builder api =
                FileDescriptorProto.newBuilder().setName(file).setPackage(scope).addDependency("shared.proto");
        api.addServiceBuilder()
                .setName(name)
                .addMethodBuilder()
                .setName("Do")
                .setInputType(".shared.Shared")
                .setOutputType(".shared.Shared");
        return FileDescriptor.buildFrom(
                api.build(), new FileDescriptor[] {FileDescriptor.buildFrom(shared.build(), new FileDescriptor[0])});
    }

    @Test
    void equalFilesOfTwoServices_areOne() throws Exception {
        services.put("a.A", ServiceFiles.of(service("a.proto", "a", "A", "same")));
        services.put("b.B", ServiceFiles.of(service("b.proto", "b", "B", "same")));

        assertThat(build().files())
                .filteredOn(file -> file.name().startsWith("shared"))
                .hasSize(1);
    }

    @Test
    void whatNotAllVersionsPromise_isNotPromised() throws Exception {
        services.put("library.v1.Library", ServiceFiles.of(library()));
        Catalog catalog = build(Map.of("/library.v1.Library/GetBook", Idempotency.UNKNOWN));

        ServiceDescriptor strict = linker(catalog)
                .link(catalog.fileContaining("library.v1.Library").content())
                .findServiceByName("Library");
        assertThat(library()
                        .findServiceByName("Library")
                        .findMethodByName("GetBook")
                        .getOptions()
                        .getIdempotencyLevel()
                        .getNumber())
                .isNotZero();
        assertThat(strict.findMethodByName("GetBook")
                        .getOptions()
                        .getIdempotencyLevel()
                        .getNumber())
                .isZero();
        assertThat(FileDescriptorProto.parseFrom(
                                catalog.fileContaining("library.v1.Library").content())
                        .getMessageTypeList())
                .isEqualTo(library().toProto().getMessageTypeList());
    }

    /** All services are linked from one registry, and mean the same as in their own files. */
    @RepeatedTest(60)
    void randomServices_canAllBeLinked(RepetitionInfo repetition) throws Exception {
        Random random = new Random(repetition.getCurrentRepetition());
        RandomFiles files = new RandomFiles(random, 1 + random.nextInt(3));
        Map<String, FileDescriptor> originals = new TreeMap<>();
        for (int i = 0; i < 6; i++) {
            FileDescriptor file = files.service("S" + i, 1 + random.nextInt(6));
            originals.put("svc.S" + i, file);
            services.put("svc.S" + i, ServiceFiles.of(file));
        }
        Catalog catalog = build();
        LinkedFiles linker = linker(catalog);

        originals.forEach((service, original) -> {
            FileDescriptor linked = linker.link(catalog.fileContaining(service).content());
            assertThat(shape(linked, service)).isEqualTo(shape(original, service));
        });
        Set<String> names = new HashSet<>();
        catalog.files().forEach(file -> assertThat(names.add(file.name())).isTrue());
        catalog.files().forEach(file -> linker.link(file.content()));
    }

    private static List<String> shape(FileDescriptor file, String service) {
        List<String> shape = new ArrayList<>();
        file.findServiceByName(service.substring(4))
                .getMethods()
                .forEach(method -> describe(method.getInputType(), shape, new HashSet<>()));
        return shape;
    }

    private static void describe(Descriptor type, List<String> shape, Set<Descriptor> seen) {
        if (seen.add(type)) {
            shape.add(type.getFullName());
            for (FieldDescriptor field : type.getFields()) {
                shape.add(field.getFullName() + " = " + field.getNumber());
                if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                    describe(field.getMessageType(), shape, seen);
                }
            }
        }
    }

    @Test
    void aResponse_staysBelowWhatClientsAccept() throws Exception {
        FileDescriptor last = large("large0.proto");
        for (int i = 1; i < 8; i++) {
            last = large("large" + i + ".proto", last);
        }
        services.put("large", ServiceFiles.of(last));
        CatalogFile file = build().file("large7.proto");

        assertThat(file.closure()).hasSize(7);
        assertThat(file.entries().stream().mapToInt(entry -> entry.length).sum())
                .isBetween(200_000, 1 << 20);
    }

    private static FileDescriptor large(String name, FileDescriptor... imports) throws DescriptorValidationException {
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder().setName(name);
        file.getOptionsBuilder().setJavaPackage("x".repeat(200_000));
        for (FileDescriptor imported : imports) {
            file.addDependency(imported.getName());
        }
        return FileDescriptor.buildFrom(file.build(), imports);
    }

    @Test
    void ofTwoHundredServicesWithFiftyFilesEach_onlyTheChangedOneIsBuiltAnew() throws Exception {
        RandomFiles files = new RandomFiles(new Random(1), 1_000_000);
        for (int i = 0; i < 200; i++) {
            services.put("svc.S" + i, ServiceFiles.of(files.service("S" + i, 49)));
        }
        long begun = System.nanoTime();
        Catalog first = build();
        long built = System.nanoTime();
        services.put("svc.S99", ServiceFiles.of(files.service("S99", 49)));
        Catalog second = build();
        Duration all = Duration.ofNanos(built - begun);
        Duration one = Duration.ofNanos(System.nanoTime() - built);

        System.out.println(first.files().size() + " files in " + all.toMillis() + " ms, after a change of one service "
                + one.toMillis() + " ms");
        assertThat(second.fileContaining("svc.S1")).isSameAs(first.fileContaining("svc.S1"));
        assertThat(one).isLessThan(Duration.ofSeconds(5));
    }
}
