package io.middleware.chaos.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.middleware.chaos.measure.Recording;
import io.middleware.chaos.measure.Window;
import io.middleware.chaos.stack.Stack;
import io.middleware.load.CallRecord;
import io.middleware.load.Kind;
import io.middleware.load.Reply;
import java.io.EOFException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What becomes of rows, of which some cannot be played. */
class SeriesTest {

    private final Map<String, RuntimeException> failures = new HashMap<>();
    private final List<String> done = new ArrayList<>();
    private final Series series = new Series(this::play, () -> done("put back"));

    @Test
    void rowThatFails_isInItsPlaceAndTheOthersArePlayed() throws InterruptedException {
        failures.put("2", Status.UNAVAILABLE.withDescription("no book").asRuntimeException());

        List<Row> rows = series.play(
                Faults.ALL.subList(0, 3), row -> done("told " + row.fault().id()));

        assertThat(done).containsExactly("1", "told 1", "2", "put back", "told 2", "3", "told 3");
        MatrixReport report = new MatrixReport(result(Faults.NONE), rows, List.of());
        assertThat(report.markdown())
                .containsPattern("(?m)^\\| 1 .*\n\\| 2 \\|.*could not be run: UNAVAILABLE: no book \\|\n\\| 3 ");
        assertThat(report.markdown()
                        .lines()
                        .map(line -> line.replaceAll("[^|]", ""))
                        .distinct())
                .as("cells")
                .hasSize(1);
        assertThat(report.json()).contains("\"unplayedBecause\" : \"UNAVAILABLE: no book\"");
        Verdict verdict = new Verdict(report);
        assertThat(verdict.good()).isFalse();
        assertThat(verdict.text())
                .contains("2, one primary stopped: leaves, drains, could not be run: UNAVAILABLE: no");
    }

    @Test
    void rowThatIsNotPossibleHere_isReportedButNoFailure() throws InterruptedException {
        failures.put("7", new Stack.NotPossibleException("cut: as processes\nthis takes root"));

        MatrixReport report = new MatrixReport(result(Faults.NONE), series.play(Faults.ALL, row -> {}), List.of());

        assertThat(report.markdown()).contains("| not possible here: cut: as processes this takes root |");
        assertThat(report.json()).containsPattern("\"possible\" : false");
        Verdict verdict = new Verdict(report);
        assertThat(verdict.good()).isTrue();
        assertThat(verdict.text()).contains("No call was lost", "7, packets to one vanish, not possible here: cut: as");
    }

    @Test
    void whatCannotBePutBack_isNoFooting_forTheOthers() throws InterruptedException {
        failures.put("1", new Stack.StackException("start failed"));
        failures.put("put back", new Stack.StackException("not all runs"));

        List<Row> rows = series.play(Faults.ALL.subList(0, 3), row -> {});

        assertThat(done).containsExactly("1", "put back");
        assertThat(rows)
                .extracting(row -> ((NotRun) row).because())
                .containsExactly("start failed", "not all runs", "not all runs");
    }

    @Test
    void nobodyThere_endsIt() {
        failures.put("1", new UncheckedIOException("no reply", new EOFException()));

        assertThatThrownBy(() -> series.play(Faults.ALL, row -> {})).isInstanceOf(UncheckedIOException.class);
        assertThat(done).containsExactly("1");
    }

    private Result play(Fault fault) {
        done(fault.id());
        return result(fault);
    }

    private void done(String what) {
        done.add(what);
        if (failures.containsKey(what)) {
            throw failures.get(what);
        }
    }

    private static Result result(Fault fault) {
        Window window = new Window(List.of(new CallRecord(0, Kind.GRPC, 1_000, "a", new Reply("", "i", "g", 1, ""))));
        return new Result(
                fault,
                window,
                new Signatures(0, 0, 0, 0, 0, 0),
                new Signatures(0, 0, 0, 0, 0, 0),
                new Fallbacks(1, 0),
                OptionalLong.empty(),
                OptionalLong.empty(),
                new Overload(100, 0, 0, true, Priorities.ALIKE),
                new Recording(window, List.of(), 0, 1));
    }
}
