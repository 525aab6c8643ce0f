package io.middleware.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dependencies point inwards, to the core: the edges know it, and not each other. */
class ArchitectureTest {
    private static final String ROOT = "io.middleware.gateway";
    private static final JavaClasses GATEWAY = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    static Stream<ArchRule> rules() {
        return Stream.of(
                noClasses()
                        .that()
                        .resideInAPackage("..transport..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "org.springframework..",
                                ROOT,
                                "..gateway.ingress..",
                                "..gateway.consul..",
                                "..gateway.balancer..",
                                "..gateway.schema.."),
                noClasses()
                        .that()
                        .resideInAPackage("..gateway.balancer..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "io.netty..",
                                ROOT,
                                "..gateway.transport..",
                                "..gateway.ingress..",
                                "..gateway.consul..",
                                "..gateway.schema.."),
                noClasses()
                        .that()
                        .resideInAPackage("..gateway.consul..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "io.netty..",
                                "..gateway.transport..",
                                "..gateway.ingress..",
                                "..gateway.balancer..",
                                "..gateway.schema.."),
                noClasses()
                        .that()
                        .resideInAPackage("..gateway.ingress..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "..gateway.consul..",
                                "..gateway.balancer..",
                                "org.springframework.cloud..",
                                "io.middleware.starter.."),
                noClasses()
                        .that()
                        .resideInAPackage("..gateway.ingress.grpc..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "..gateway.ingress.http..", "..gateway.schema..", "org.springframework.web.."),
                noClasses()
                        .that()
                        .resideInAPackage("..gateway.headers..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "org.springframework..",
                                ROOT,
                                "..gateway.transport..",
                                "..gateway.ingress..",
                                "..gateway.schema.."),
                noClasses()
                        .that()
                        .resideInAPackage("..gateway..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("io.middleware.hello.."),
                slices().matching(ROOT + ".(**)").should().beFreeOfCycles());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void dependencies_pointInwards(ArchRule rule) {
        rule.check(GATEWAY);
    }

    @Test
    void packages_areNullMarked() {
        classes()
                .should(ArchCondition.from(DescribedPredicate.describe(
                        "be in a package that is @NullMarked",
                        type -> type.getPackage().isAnnotatedWith(NullMarked.class))))
                .check(GATEWAY);
    }
}
