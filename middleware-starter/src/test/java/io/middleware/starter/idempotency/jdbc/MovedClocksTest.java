package io.middleware.starter.idempotency.jdbc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Date;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Servers whose clocks are wrong: keys expire by the database's clock alone. */
class MovedClocksTest {
    private static final Set<String> NOW =
            Set.of("now", "currentTimeMillis", "systemUTC", "systemDefaultZone", "system");

    @Test
    void noClass_asksTheClockOfTheServer() {
        noClasses()
                .should()
                .callMethodWhere(DescribedPredicate.<JavaCall<?>>describe(
                        "reads the server's clock",
                        call -> NOW.contains(call.getTarget().getName())
                                && call.getTarget().getOwner().getPackageName().startsWith("java.")))
                .orShould()
                .callConstructor(Date.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(InstantSource.class)
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.middleware.starter.idempotency"));
    }
}
