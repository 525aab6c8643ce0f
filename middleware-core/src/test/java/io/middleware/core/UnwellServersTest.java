package io.middleware.core;

import static io.middleware.core.Core.SAY_HELLO;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How many calls an instance gets that answers sooner than the others, because it does not do its work. */
class UnwellServersTest {
    private static final int CALLS = 3_000;

    private final ManualTime time = new ManualTime();
    private final Core core = new Core(Settings.defaults(), new PowerOfTwoChoices(time), time);

    @ParameterizedTest
    @EnumSource(value = Code.class, names = {"INTERNAL", "UNKNOWN", "NOT_FOUND"})
    void instanceThatFailsAtOnce_getsNoMoreThanItsShare(Code code) {
        start();
        core.transport.always("p1", Script.answers(code));
        assertThat(shareOfTheFirst()).isBetween(0.1, 0.36);
    }

    @Test
    void instanceThatIsExhausted_getsHardlyAny_andCostsFewRepeats() {
        start();
        core.transport.always("p1", Script.answers(Code.RESOURCE_EXHAUSTED));
        assertThat(shareOfTheFirst()).isBetween(0.0003, 0.05);
        assertThat(core.instance("p1").ejected()).isFalse();
    }

    @Test
    void instanceThatWasExhausted_getsItsShareAgain() {
        instanceThatIsExhausted_getsHardlyAny_andCostsFewRepeats();
        core.transport.always("p1", works());
        load(5 * CALLS);
        assertThat(shareOfTheFirst()).isBetween(0.25, 0.4);
    }

    private void start() {
        core.register(Stream.of("p1", "p2", "p3").map(Core::passing).toArray(Registration[]::new));
        core.directory.markLoaded();
        core.describe();
        Stream.of("p1", "p2", "p3").forEach(id -> core.transport.always(id, works()));
        load(CALLS);
    }

    private static Script works() {
        return stream -> stream.later(Duration.ofMillis(4), () -> stream.answer("World"));
    }

    private double shareOfTheFirst() {
        int before = core.transport.attempts.size();
        load(CALLS);
        return core.transport.tried().stream().skip(before).filter("p1"::equals).count() / (double) CALLS;
    }

    /** A thousand a second. */
    private void load(int calls) {
        for (int i = 0; i < calls; i++) {
            core.ask(SAY_HELLO).send("Hello", true);
            time.advance(Duration.ofMillis(1));
        }
    }
}
