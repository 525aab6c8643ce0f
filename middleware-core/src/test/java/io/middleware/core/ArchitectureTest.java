package io.middleware.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.middleware.core.call.Exchange;
import io.middleware.core.call.Failover;
import io.middleware.core.call.Replay;
import io.middleware.core.instance.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final int MOST_LINES_OF_CODE = 150;

    private static final String CALL = "io.middleware.core.call";

    private final JavaClasses core = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.middleware.core");

    @Test
    void core_knowsNoFrameworkRegistryOrWireFormat() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java.lang..",
                        "java.util..",
                        "java.time..",
                        "io.middleware.core..",
                        "io.github.resilience4j..",
                        "org.jspecify.annotations",
                        "org.slf4j..")
                .check(core);
    }

    /** As {@code docs/architecture.md} draws it: a package knows those below it only. */
    @Test
    void packages_knowOnlyThoseBelowThem() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("core")
                .definedBy("io.middleware.core")
                .layer("instance")
                .definedBy("io.middleware.core.instance")
                .layer("balancing")
                .definedBy("io.middleware.core.balancing")
                .layer("retry")
                .definedBy("io.middleware.core.retry")
                .layer("directory")
                .definedBy("io.middleware.core.directory")
                .layer("outlier")
                .definedBy("io.middleware.core.outlier")
                .layer("stale")
                .definedBy("io.middleware.core.stale")
                .layer("record")
                .definedBy("io.middleware.core.record")
                .layer("call")
                .definedBy("io.middleware.core.call")
                .whereLayer("call")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("record")
                .mayOnlyBeAccessedByLayers("call")
                .whereLayer("outlier")
                .mayOnlyBeAccessedByLayers("call")
                .whereLayer("stale")
                .mayOnlyBeAccessedByLayers("call")
                .whereLayer("directory")
                .mayOnlyBeAccessedByLayers("call", "record", "outlier")
                .whereLayer("retry")
                .mayOnlyBeAccessedByLayers("call", "directory")
                .whereLayer("balancing")
                .mayOnlyBeAccessedByLayers("call", "record", "directory")
                .whereLayer("instance")
                .mayOnlyBeAccessedByLayers("call", "record", "outlier", "directory", "balancing")
                .whereLayer("core")
                .mayNotAccessAnyLayer()
                .check(core);
    }

    @Test
    void packages_formNoCircle() {
        slices().matching("io.middleware.core.(*)..").should().beFreeOfCycles().check(core);
    }

    @Test
    void choosingAnInstance_knowsNothingOfCallsAndTransport() {
        noClasses()
                .that()
                .resideInAnyPackage("io.middleware.core.directory", "io.middleware.core.balancing")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Transport.class, Caller.class)
                .check(core);
    }

    @Test
    void typesOfACall_standInNoCircle() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return type.getPackageName().equals(CALL)
                                ? SliceIdentifier.of(type.getName().split("\\$")[0])
                                : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "files of " + CALL;
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(core);
    }

    @Test
    void call_isEnteredByFailoverExchangeAndReplayOnly() {
        classes()
                .that()
                .resideInAPackage(CALL)
                .and()
                .areTopLevelClasses()
                .and()
                .doNotBelongToAnyOf(Failover.class, Exchange.class, Replay.class)
                .should()
                .notBePublic()
                .check(core);
    }

    @Test
    void eachFile_fitsInAHead() throws IOException {
        Map<String, Long> tooLong = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(sources).isNotEmpty();
            for (Path source : sources) {
                long lines = linesOfCode(source);
                if (lines > MOST_LINES_OF_CODE) {
                    tooLong.put(source.getFileName().toString(), lines);
                }
            }
        }
        assertThat(tooLong)
                .as("files of more than %d lines of code: split what has two reasons to change", MOST_LINES_OF_CODE)
                .isEmpty();
    }

    /** Neither blank lines nor comments, nor imports. */
    private static long linesOfCode(Path source) throws IOException {
        try (Stream<String> lines = Files.lines(source)) {
            return lines.map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.matches("(//|/\\*|\\*|import |package ).*"))
                    .count();
        }
    }
}
