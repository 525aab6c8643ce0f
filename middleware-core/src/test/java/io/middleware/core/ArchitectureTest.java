package io.middleware.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.middleware.core.balancing.Balancer;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.call.Attempt;
import io.middleware.core.call.Exchange;
import io.middleware.core.call.Failover;
import io.middleware.core.call.RequestBuffer;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.RegistryDoubt;
import io.middleware.core.directory.Service;
import io.middleware.core.directory.Tiers;
import io.middleware.core.instance.Health;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Registration;
import io.middleware.core.instance.Transport;
import io.middleware.core.outlier.OutlierDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    /** About 150 is the aim; a little room, so that nobody splits a class for the sake of a line. */
    private static final int MOST_LINES_OF_CODE = 190;

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

    @Test
    void whatInstancesThereAre_doesNotDependOnHowTheyAreCalled() {
        noClasses()
                .that()
                .belongToAnyOf(
                        Directory.class,
                        RegistryDoubt.class,
                        Service.class,
                        Instance.class,
                        Registration.class,
                        Tiers.class,
                        Balancer.class,
                        PowerOfTwoChoices.class)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Failover.class,
                        Exchange.class,
                        Attempt.class,
                        RequestBuffer.class,
                        OutlierDetector.class,
                        Transport.class,
                        Caller.class,
                        Call.class)
                .check(core);
    }

    @Test
    void edges_doNotDependOnWhatIsBetweenThem() {
        noClasses()
                .that()
                .belongToAnyOf(
                        Transport.class,
                        Call.class,
                        Caller.class,
                        Chunk.class,
                        Headers.class,
                        Timers.class,
                        Ticker.class,
                        Code.class,
                        Failure.class)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Failover.class, Exchange.class, Attempt.class, OutlierDetector.class, Directory.class)
                .check(core);
    }

    @Test
    void ejection_knowsNothingOfCalls() {
        noClasses()
                .that()
                .belongToAnyOf(OutlierDetector.class, Health.class)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Failover.class, Exchange.class, Attempt.class, Call.class)
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
