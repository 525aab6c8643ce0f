package io.middleware.chaos.matrix;

import static io.middleware.chaos.matrix.ResultFixture.NORMAL;
import static io.middleware.chaos.matrix.ResultFixture.failed;
import static io.middleware.chaos.matrix.ResultFixture.fault;
import static io.middleware.chaos.matrix.ResultFixture.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.chaos.matrix.Fault.Goal;
import io.middleware.load.CallRecord;
import io.middleware.load.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MatrixReportTest {

    @Test
    void report_hasARowForEachFaultInBothForms() {
        Result lost = result(fault(Goal.slowest(10)), Map.of(), new CallRecord(0, Kind.HTTP, 1, "a", failed("503")));
        MatrixReport report = new MatrixReport(NORMAL, List.of(lost), List.of());

        assertThat(report.markdown().lines()).hasSize(4).allMatch(line -> line.startsWith("|") && line.endsWith("|"));
        assertThat(report.markdown()).contains("| 1 | a fault | 1 | 1 |").contains("1 lost");
        assertThat(report.json()).contains("\"lostBecause\" : [ \"503\" ]").contains("\"id\" : \"0\"");
        assertThat(new Verdict(report).good()).isFalse();
    }

    @Test
    void report_tellsWhatIsNotUsualOfTheStack() {
        MatrixReport report = new MatrixReport(NORMAL, List.of(), List.of("5 primaries instead of 3 primaries"));

        assertThat(report.markdown()).startsWith("Not as usual: 5 primaries instead of 3 primaries.\n\n| # |");
        assertThat(report.json()).contains("\"notAsUsual\" : [ \"5 primaries instead of 3 primaries\" ]");
    }
}
