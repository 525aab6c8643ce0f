package io.middleware.chaos.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.chaos.stack.FaultSpan;
import io.middleware.load.CallRecord;
import io.middleware.load.Kind;
import io.middleware.load.Reply;
import io.middleware.load.report.Band;
import io.middleware.load.report.Mark;
import io.middleware.load.report.Report;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingTest {

    private static final long END = 100;

    private final List<CallRecord> calls = new ArrayList<>();

    @Test
    void band_lastsUntilThePartRespondsAgain() {
        responded(5, "a");
        responded(20, "a"); // sent before the break was noticed
        responded(70, "a");

        assertThat(band("a", 10, 50).toMicros()).isEqualTo(71);
    }

    @Test
    void bandOfAPartThatDoesNotRespondAgain_lastsToTheEnd() {
        responded(5, "a");

        assertThat(band("a", 10, 50).toMicros()).isEqualTo(END);
    }

    @Test
    void bandOfAPartThatWasNotCalled_endsWithTheBeginOfItsMending() {
        responded(5, "a");
        responded(70, "a");

        assertThat(band("consul", 10, 50).toMicros()).isEqualTo(50);
    }

    @Test
    void bandOfAPartThatIsNotMended_lastsToTheEnd() {
        responded(5, "a");

        assertThat(band("a", 10, Long.MAX_VALUE).toMicros()).isEqualTo(END);
        assertThat(band("consul", 10, Long.MAX_VALUE).toMicros()).isEqualTo(END);
    }

    private void responded(long dueMicros, String instance) {
        calls.add(new CallRecord(dueMicros, Kind.GRPC, 1, "", new Reply("", instance, "gateway-1", 1, "")));
    }

    private Band band(String part, long fromMicros, long toMicros) {
        Recording recording =
                new Recording(new Window(calls), List.of(new FaultSpan(part, "kill", fromMicros, toMicros)), 0, END);
        return recording
                .timeline("", Report.Verdict.NONE, List.of(), _ -> Mark.LOST)
                .bands()
                .getFirst();
    }
}
