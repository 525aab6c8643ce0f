package io.middleware.core.call;

import static io.middleware.core.fixture.CoreFixture.SAY_HELLO;
import static io.middleware.core.fixture.CoreFixture.SIGN;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Code;
import io.middleware.core.Headers;
import io.middleware.core.Settings;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.fixture.Script;
import io.middleware.core.fixture.TestHeaders;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server asks about retries of calls that it refused. */
class PushbackTest {
    private static final Duration HEDGE = Settings.defaults().hedge().initialDelay();

    private final CoreFixture core = CoreFixture.serving("p1", "p2", "p3");

    @AfterEach
    void nothingIsLeft() {
        core.assertNothingLeft();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "2000, 2000",
        "999999999, 999999999",
        "-1, -2",
        "1000000000, -2",
        "'', -2",
        "5 s, -2",
        "1.5, -2",
        "+1, -2"
    })
    void value_isAWaitOrForbids(String value, long pushback) {
        assertThat(Pushback.of(TestHeaders.of(Pushback.NAME + ": " + value))).isEqualTo(pushback);
    }

    @Test
    void withoutOne_nothingIsSaid() {
        assertThat(Pushback.of(TestHeaders.NONE)).isEqualTo(Pushback.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "never", "", "99999999999999999999"})
    void serverThatForbidsRetries_isTheLastThatIsAsked(String value) {
        core.transport.always("p1", refuses(Code.UNAVAILABLE, value));
        CoreFixture.Asked asked = ask(SAY_HELLO);
        core.time.advance(Duration.ofSeconds(5));
        assertThat(core.transport.tried()).containsExactly("p1");
        assertThat(asked.caller().message).isEqualTo("busy");
        assertThat(asked.caller().trailing.get(Pushback.NAME)).isEqualTo(value);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAVAILABLE", "RESOURCE_EXHAUSTED"})
    void wait_isKept(Code code) {
        core.transport.next("p1", refuses(code, "2000"));
        CoreFixture.Asked asked = ask(SAY_HELLO);
        core.time.advance(Duration.ofMillis(1_999));
        assertThat(core.transport.tried()).containsExactly("p1");
        core.time.advance(Duration.ofMillis(1));
        assertThat(core.transport.tried()).containsExactly("p1", "p2");
        asked.caller().assertAnswered("World");
    }

    @Test
    void exhaustedServer_isRetriedElsewhereAtOnce_onlyIfItSaysSo() {
        core.transport.next(
                "p1", Script.refuses(Code.RESOURCE_EXHAUSTED, "quota"), refuses(Code.RESOURCE_EXHAUSTED, "0"));
        assertThat(core.call(SAY_HELLO).message).isEqualTo("quota");
        assertThat(core.transport.tried()).containsExactly("p1");
        core.call(SAY_HELLO).assertAnswered("World");
        assertThat(core.transport.tried()).containsExactly("p1", "p1", "p2");
    }

    @Test
    void waitThatIsTooLong_givesTheCallerTheResponse() {
        core.transport.always("p1", refuses(Code.UNAVAILABLE, "2000"));
        CoreFixture.Asked asked = core.ask(SAY_HELLO, Duration.ofSeconds(1));
        asked.send("Hello", true);
        core.time.runDue();
        assertThat(asked.caller().message).isEqualTo("busy");
        assertThat(core.transport.tried()).containsExactly("p1");
    }

    @Test
    void nonIdempotentCall_isNotRetriedForThat() {
        core.transport.always("p1", refuses(Code.UNAVAILABLE, "0"));
        assertThat(core.call(SIGN).message).isEqualTo("busy");
        core.transport.always("p1", refuses(Code.RESOURCE_EXHAUSTED, "0"));
        assertThat(core.call(SIGN).message).isEqualTo("busy");
        assertThat(core.transport.tried()).containsExactly("p1", "p1");
    }

    @Test
    void serversThatAllSayWhen_getNoMoreThanTheMostAttempts() {
        List.of("p1", "p2", "p3").forEach(id -> core.transport.always(id, refuses(Code.RESOURCE_EXHAUSTED, "10")));
        CoreFixture.Asked asked = ask(SAY_HELLO);
        core.time.advance(Duration.ofSeconds(5));
        assertThat(asked.caller().message).isEqualTo("busy");
        assertThat(core.transport.tried()).hasSize(6);
    }

    @Test
    void hedgeThatIsForbidden_leavesTheFirstAlone_andNoOtherFollows() {
        core.transport.always("p1", Script.staysSilent());
        core.transport.always("p2", refuses(Code.UNAVAILABLE, "-1"));
        core.transport.probeFinds("p1", null);
        CoreFixture.Asked asked = ask(SAY_HELLO);
        core.time.advance(HEDGE);
        core.time.advance(Duration.ofSeconds(2));
        assertThat(core.transport.tried()).containsExactly("p1", "p2");
        core.transport.attempt(1).answer("World");
        asked.caller().assertAnswered("World");
    }

    @Test
    void hedgesThatArePending_keepTheWait() {
        core.transport.always("p1", Script.staysSilent());
        core.transport.next("p2", refuses(Code.UNAVAILABLE, "2000"));
        core.transport.probeFinds("p1", null);
        CoreFixture.Asked asked = ask(SAY_HELLO);
        core.time.advance(HEDGE);
        core.time.advance(Duration.ofMillis(1_999));
        assertThat(core.transport.tried()).containsExactly("p1", "p2");
        core.time.advance(Duration.ofSeconds(1));
        assertThat(core.transport.tried()).containsExactly("p1", "p2", "p3");
        asked.caller().assertAnswered("World");
    }

    private CoreFixture.Asked ask(String path) {
        CoreFixture.Asked asked = core.ask(path);
        asked.send("Hello", true);
        core.time.runDue();
        return asked;
    }

    private static Script refuses(Code code, String pushback) {
        Headers trailers = new TestHeaders(code, "busy", List.of(Pushback.NAME + ": " + pushback));
        return stream -> stream.whenRequestIsWhole(() -> stream.trailers(trailers));
    }
}
