package io.middleware.gateway.stale;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.MethodTraits;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.directory.Directory;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import io.middleware.core.stale.StaleResponses;
import io.middleware.gateway.library.v1.LibraryOuterClass;
import io.middleware.gateway.schema.Method;
import io.middleware.gateway.schema.Schema;
import io.middleware.gateway.schema.Types;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class StaleConfigCheckTest {
    private static final String LIBRARY = "library.v1.Library";
    private static final String NO_STALE_RESPONSE = "no stale response of ";

    private final Directory directory =
            new Directory(service -> new PowerOfTwoChoices(), Instance::new, Settings.defaults(), Ticker.system());

    @Test
    void methodsThatMayBeStale_areNotTold(CapturedOutput output) {
        unkept("/" + LIBRARY + "/GetBook").accept(described());
        unkeptServices(LIBRARY).accept(described());
        assertThat(output).doesNotContain(NO_STALE_RESPONSE);
    }

    @Test
    void others_areReportedOnceEach_withTheReason(CapturedOutput output) {
        StaleConfigCheck unkept =
                unkept("/" + LIBRARY + "/UpdateBook", "/" + LIBRARY + "/WatchBooks", "/" + LIBRARY + "/Nothing");
        for (int i = 0; i < 3; i++) {
            unkept.accept(described());
        }
        assertThat(output.getAll()
                        .lines()
                        .filter(line -> line.contains(NO_STALE_RESPONSE))
                        .map(line -> line.substring(line.indexOf(NO_STALE_RESPONSE))))
                .containsExactlyInAnyOrder(
                        "no stale response of library.v1.Library/UpdateBook is kept: its idempotency_level is not NO_SIDE_EFFECTS, or not"
                                + " on every server",
                        "no stale response of library.v1.Library/WatchBooks is kept: it is not unary, or not on every server",
                        "no stale response of library.v1.Library/Nothing is kept: there is no such method");
    }

    @Test
    void whatIsNotKnownYet_isNotTold(CapturedOutput output) {
        StaleConfigCheck unkept = unkept("/" + LIBRARY + "/UpdateBook");
        unkept.accept(new Schema(
                Map.of(), Map.of(LIBRARY, new Schema.Absence(false, "library-1 has not described itself yet"))));
        assertThat(output).doesNotContain(NO_STALE_RESPONSE);
        unkept.accept(described());
        assertThat(output).contains(NO_STALE_RESPONSE);
    }

    @Test
    void whatNeverDescribesItself_isTold(CapturedOutput output) {
        unkeptServices(LIBRARY)
                .accept(new Schema(
                        Map.of(), Map.of(LIBRARY, new Schema.Absence(true, "library offers no server reflection"))));
        assertThat(output)
                .contains("no stale response of library.v1.Library is kept: library offers no server reflection");
    }

    @Test
    void methodThatOneServerDoesNotDescribe_isTold(CapturedOutput output) {
        Schema schema = described();
        directory.serviceOf(LIBRARY).describe(Map.of());
        unkept("/" + LIBRARY + "/GetBook").accept(schema);
        assertThat(output).contains("GetBook is kept: not all of its servers describe it by reflection");
    }

    @Test
    void methodThatIsWrittenAsAService_isToldHowToWriteIt(CapturedOutput output) {
        unkeptServices(LIBRARY + ".GetBook").accept(described());
        assertThat(output)
                .contains("no stale response of library.v1.Library.GetBook is kept: it is a method"
                        + " (expected: library.v1.Library/GetBook)");
    }

    @Test
    void methodThatOneVersionPromisesLessOf_isTold(CapturedOutput output) {
        Schema schema = described();
        directory
                .serviceOf(LIBRARY)
                .describe(Map.of(
                        "/" + LIBRARY + "/GetBook", new MethodTraits(true, MethodTraits.Idempotency.IDEMPOTENT)));
        unkept("/" + LIBRARY + "/GetBook").accept(schema);
        unkeptServices(LIBRARY).accept(schema);
        assertThat(output)
                .contains("GetBook is kept: its idempotency_level is not", "none of its methods is unary and has");
    }

    private StaleConfigCheck unkept(String... paths) {
        return new StaleConfigCheck(new StaleResponses.Policy(Set.of(paths), Set.of(), List.of(), 1), directory);
    }

    private StaleConfigCheck unkeptServices(String... services) {
        return new StaleConfigCheck(new StaleResponses.Policy(Set.of(), Set.of(services), List.of(), 1), directory);
    }

    /** As the proto has it. */
    private Schema described() {
        directory.update(
                "library",
                List.of(new Registration(
                        "library-1", "127.0.0.1", 1, Pool.PRIMARY, 1, List.of(LIBRARY), false, true, 1, 1)));
        Map<String, Method> methods =
                LibraryOuterClass.getDescriptor().findServiceByName("Library").getMethods().stream()
                        .map(method -> new Method(method, Types.of()))
                        .collect(Collectors.toMap(Method::path, method -> method));
        directory
                .serviceOf(LIBRARY)
                .describe(methods.values().stream().collect(Collectors.toMap(Method::path, Method::traits)));
        return new Schema(methods, Map.of());
    }
}
