package io.middleware.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses client = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.middleware.client");

    @Test
    void client_needsNothingButGrpc() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java.lang..",
                        "java.util..",
                        "java.math..",
                        "java.io",
                        "java.nio.file..",
                        "java.security..",
                        "javax.net.ssl",
                        "java.time..",
                        "io.grpc..",
                        "org.jspecify.annotations", // comes with gRPC
                        "io.middleware.client..")
                .check(client);
    }
}
