package io.middleware.core.call;

import static io.middleware.core.fixture.CoreFixture.SAY_HELLO;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Code;
import io.middleware.core.Counts;
import io.middleware.core.Outcome;
import io.middleware.core.Settings;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.fixture.ManualTime;
import io.middleware.core.fixture.Script;
import io.middleware.core.instance.Registration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many calls an instance gets that answers sooner than the others, because it does not do its work. */
class UnwellServersTest {
    private static final int CALLS = 3_000;

    private final ManualTime time = new ManualTime();
    private final CoreFixture core =
            new CoreFixture(Settings.defaults(), new PowerOfTwoChoices(CoreFixture.seeded(1), time), time);

    @Test
    void instanceThatFindsNothing_getsNoMoreThanItsShare() {
        start();
        core.transport.always("p1", Script.answers(Code.NOT_FOUND));
        assertThat(shareOfTheFirst()).isBetween(0.1, 0.36);
        assertThat(core.instance("p1").ejected()).isFalse();
    }

    @Test
    void instanceThatWasExhausted_getsItsShareAgain() {
        start();
        core.transport.always("p1", Script.answers(Code.RESOURCE_EXHAUSTED));
        load(CALLS);
        core.transport.always("p1", works());
        load(10 * CALLS);
        assertThat(shareOfTheFirst()).isBetween(0.25, 0.4);
    }

    /** Each gateway sees half of 300 calls a second, and finds out by itself. */
    @ParameterizedTest
    @CsvSource({
        "INTERNAL, 2, /hello.v1.HelloService/SayHello", "INTERNAL, 20, /hello.v1.HelloService/SayHello",
        "INTERNAL, 2, /hello.v1.HelloService/Sign", "INTERNAL, 20, /hello.v1.HelloService/Sign",
        "UNKNOWN, 20, /hello.v1.HelloService/SayHello", "DATA_LOSS, 2, /hello.v1.HelloService/Sign",
        "UNIMPLEMENTED, 20, /hello.v1.HelloService/Sign", "RESOURCE_EXHAUSTED, 20, /hello.v1.HelloService/Sign",
        "RESET, 2, /hello.v1.HelloService/Sign", "RESET, 20, /hello.v1.HelloService/SayHello"
    })
    void oneOfThreeThatFailsAtOnce_isSeenByFewCalls(String fault, int millis, String path) {
        serve(core, millis);
        CoreFixture second =
                new CoreFixture(Settings.defaults(), new PowerOfTwoChoices(CoreFixture.seeded(2), time), time);
        serve(second, millis);
        List<CoreFixture> gateways = List.of(core, second);
        callsThatFail(gateways, path, 300);
        gateways.forEach(gateway -> gateway.transport.always("p1", failing(fault)));
        assertThat(callsThatFail(gateways, path, CALLS)).isLessThanOrEqualTo(40);
        for (CoreFixture gateway : gateways) {
            assertThat(gateway.transport.tried().stream().filter("p1"::equals).count())
                    .as("calls at p1, those before included")
                    .isBetween(20L, 100L);
            // resets are failures without a look at the peers, too, and that may come first
            Counts counts = gateway.service().counts();
            assertThat(counts.ejections(Counts.Cause.OUTLIER) + counts.ejections(Counts.Cause.FAILING))
                    .isBetween(2L, 12L);
            assertThat(counts.ejections(Counts.Cause.OUTLIER)).isGreaterThanOrEqualTo(fault.equals("RESET") ? 0 : 2);
            assertThat(gateway.instance("p2").ejectedBecause()).isNull();
            assertThat(gateway.instance("p3").ejectedBecause()).isNull();
        }
    }

    /** Nothing is known of any of them yet. */
    @ParameterizedTest
    @ValueSource(ints = {2, 20})
    void oneOfThreeThatNeverWorked_isSeenByFewCalls(int millis) {
        serve(core, millis);
        core.transport.always("p1", failing("INTERNAL"));
        assertThat(callsThatFail(List.of(core), SAY_HELLO, CALLS / 2)).isBetween(1, 30);
    }

    /** Only one of three may be ejected: the other is chosen where there is no better. */
    @Test
    void twoOfThreeThatFailAtOnce_getLessThanTheirShare() {
        serve(core, 20);
        callsThatFail(List.of(core), SAY_HELLO, 300);
        core.transport.always("p1", failing("INTERNAL"));
        core.transport.always("p2", failing("INTERNAL"));
        assertThat(callsThatFail(List.of(core), SAY_HELLO, CALLS)).isBetween(1, CALLS / 4);
        assertThat(core.instance("p3").ejected()).isFalse();
    }

    private static Script failing(String fault) {
        return fault.equals("RESET")
                ? stream -> stream.whenRequestIsWhole(() -> {
                    stream.headers();
                    stream.fail(Outcome.broken(Code.INTERNAL, "the server reset the stream"));
                })
                : Script.answers(Code.valueOf(fault));
    }

    private static void serve(CoreFixture gateway, int millis) {
        gateway.register(Stream.of("p1", "p2", "p3").map(CoreFixture::passing).toArray(Registration[]::new));
        gateway.directory.markLoaded();
        gateway.describe();
        Stream.of("p1", "p2", "p3")
                .forEach(id -> gateway.transport.always(
                        id, stream -> stream.later(Duration.ofMillis(millis), () -> stream.answer("World"))));
    }

    /** At 300 a second, by all gateways in turn. */
    private int callsThatFail(List<CoreFixture> gateways, String path, int calls) {
        AtomicInteger failed = new AtomicInteger();
        for (int i = 0; i < calls; i++) {
            CoreFixture.Asked asked = gateways.get(i % gateways.size()).ask(path);
            asked.caller().onEnd = () -> failed.addAndGet(asked.caller().status == Code.OK ? 0 : 1);
            asked.send("Hello", true);
            time.advance(Duration.ofNanos(1_000_000_000 / 300));
        }
        return failed.get();
    }

    private void start() {
        core.register(Stream.of("p1", "p2", "p3").map(CoreFixture::passing).toArray(Registration[]::new));
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
