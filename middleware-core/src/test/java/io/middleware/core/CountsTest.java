package io.middleware.core;

import static io.middleware.core.fixture.CoreFixture.SAY_HELLO;
import static io.middleware.core.fixture.CoreFixture.SIGN;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.fixture.Script;
import io.middleware.core.outlier.OutlierDetector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CountsTest {
    private CoreFixture core = CoreFixture.serving("p1", "p2", "s1");

    @Test
    void attempts_areCountedByTheirEnding_andRetriesByTheEndingBefore() {
        core.transport.next("p1", Script.unsent(), Script.breaks(), Script.answers(Code.UNAVAILABLE));
        for (int i = 0; i < 4; i++) {
            core.call(SAY_HELLO).assertAnswered("World");
        }
        Counts counts = core.service().counts();
        assertThat(counts.attempts(Counts.Ending.ANSWERED)).isEqualTo(4);
        for (Counts.Ending ending : List.of(Counts.Ending.UNSENT, Counts.Ending.IN_DOUBT, Counts.Ending.REFUSED)) {
            assertThat(counts.attempts(ending)).as("%s", ending).isEqualTo(1);
            assertThat(counts.retries(ending)).as("%s", ending).isEqualTo(1);
        }
        assertThat(counts.retries(Counts.Ending.ANSWERED)).isZero();
    }

    @Test
    void serverThatCancels_leavesTheCallInDoubt() {
        core.transport.next("p1", Script.ends(Outcome.broken(Code.CANCELLED, "the server cancelled the stream")));
        core.call(SIGN);
        assertThat(core.service().counts().attempts(Counts.Ending.IN_DOUBT)).isEqualTo(1);
        assertThat(core.service().counts().attempts(Counts.Ending.GIVEN_UP)).isZero();
    }

    @Test
    void hedges_wonAndLost() {
        core.transport.next(
                "p1", Script.staysSilent(), stream -> stream.later(Duration.ofMillis(150), () -> stream.answer("A")));
        core.transport.next("p2", Script.answers("World"), Script.staysSilent());
        for (int i = 0; i < 2; i++) {
            core.call(SAY_HELLO);
            core.time.advance(Duration.ofSeconds(1));
        }
        Counts counts = core.service().counts();
        assertThat(counts.hedges(Counts.Hedge.STARTED)).isEqualTo(2);
        assertThat(counts.hedges(Counts.Hedge.WON)).isEqualTo(1);
        assertThat(counts.hedges(Counts.Hedge.LOST)).isEqualTo(1);
        assertThat(counts.attempts(Counts.Ending.GIVEN_UP)).isEqualTo(2);
    }

    @Test
    void responsesOfSecondaries_areFallbacks() {
        core.transport.always("p1", Script.refusesConnection());
        core.transport.always("p2", Script.refusesConnection());
        core.call(SIGN).assertAnswered("World");
        core.call(SIGN).assertAnswered("World");
        assertThat(core.service().counts().fallbacks(Counts.Fallback.SECONDARY)).isEqualTo(2);
    }

    @Test
    void ejections_areCountedByTheirCause() {
        core.transport.next("p1", Script.refusesConnection());
        core.transport.always("s1", Script.answers(Code.UNAVAILABLE));
        core.transport.probeTimesOut("p2");
        core.transport.always("p2", Script.staysSilent());
        core.call(SIGN);
        core.time.advance(Duration.ofMillis(450));
        core.transport.always("p1", Script.answers(Code.UNAVAILABLE));
        for (int i = 0; i < OutlierDetector.LEAST; i++) {
            core.call(SIGN);
        }
        Counts counts = core.service().counts();
        assertThat(counts.ejections(Counts.Cause.UNREACHABLE)).isEqualTo(1);
        assertThat(counts.ejections(Counts.Cause.SILENT)).isEqualTo(1);
        assertThat(counts.ejections(Counts.Cause.FAILING)).isEqualTo(1);
    }

    @Test
    void listener_isCalledOnceAtEachCallsEnd_withTheTimeItTook() {
        List<String> heard = new ArrayList<>();
        core.service().counts().listen((code, nanos) -> heard.add(code + " " + nanos / 1_000_000));
        core.transport.next(
                "p1",
                stream -> stream.later(Duration.ofMillis(7), () -> stream.answer("World")),
                Script.answers(Code.NOT_FOUND),
                Script.breaks(),
                Script.staysSilent());
        for (int i = 0; i < 3; i++) {
            core.call(SIGN);
            core.time.advance(Duration.ofMillis(10));
        }
        CoreFixture.Asked asked = core.ask(SIGN);
        core.time.advance(Duration.ofMillis(3));
        asked.cancel();
        asked.exchange().cancel();
        assertThat(heard).containsExactly("OK 7", "NOT_FOUND 0", "UNAVAILABLE 0", "CANCELLED 3");
    }
}
