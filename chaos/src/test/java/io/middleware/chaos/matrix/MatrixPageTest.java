package io.middleware.chaos.matrix;

import static io.middleware.chaos.matrix.ResultFixture.NORMAL;
import static io.middleware.chaos.matrix.ResultFixture.failed;
import static io.middleware.chaos.matrix.ResultFixture.fault;
import static io.middleware.chaos.matrix.ResultFixture.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.chaos.matrix.Fault.Goal;
import io.middleware.chaos.stack.FakeStack;
import io.middleware.load.CallRecord;
import io.middleware.load.Kind;
import io.middleware.load.report.Mark;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;

class MatrixPageTest {

    private static final CallRecord LOST = new CallRecord(0, Kind.HTTP, 1, "a", failed("503: <nobody>"));

    @Test
    void page_hasAChapterForEachRow_inTheLanguageAskedFor() {
        Result lost = result(fault(Goal.slowest(10)), Map.of(), LOST);
        NotRun notRun = new NotRun(Faults.ALL.get(6), false, "needs\nroot");
        MatrixReport report = new MatrixReport(NORMAL, List.of(lost, notRun), List.of());

        assertThat(page(report, "en"))
                .contains("id=\"chapter-2\"", "7, packets to one vanish", "not possible here: needs root")
                .contains("Missed a goal: 1 lost", "503: &lt;nobody&gt;", "A call was lost or ran twice.");
        assertThat(page(report, "pt"))
                .contains("7, pacotes para um desaparecem", "Não alcançou uma meta: 1 perdidas", "<html lang=\"pt\">");
    }

    @Test
    void failuresThatAFaultAllows_areNotDrawnAsLost() {
        CallRecord refused = new CallRecord(0, Kind.HTTP, 1, "a", failed("429: full"));
        CallRecord internal = new CallRecord(0, Kind.GRPC, 1, "a", failed("INTERNAL: broken"));
        CallRecord signed = new CallRecord(0, Kind.SIGN, 1, "a", failed("UNAVAILABLE: may have run"));

        assertThat(result(fault(Goal.served(100)), Map.of()).mark(refused)).isEqualTo(Mark.REFUSED);
        assertThat(result(fault(Goal.failing(0.02)), Map.of()).mark(internal)).isEqualTo(Mark.REFUSED);
        Result usual = result(fault(Goal.slowest(10)), Map.of());
        assertThat(List.of(usual.mark(refused), usual.mark(internal), usual.mark(LOST)))
                .containsOnly(Mark.LOST);
        assertThat(usual.mark(signed)).isEqualTo(Mark.IN_DOUBT);
    }

    @Test
    void languages_haveTheSameTexts_andEachFaultAPortugueseName() {
        List<String> faults =
                Faults.ALL.stream().map(fault -> "fault." + fault.id()).toList();
        assertThat(keys("texts_pt"))
                .containsAll(faults)
                .containsAll(keys("texts"))
                .hasSize(keys("texts").size() + faults.size() + 1);
    }

    private static String page(MatrixReport report, String language) {
        return new MatrixPage(report, new Texts(language), FakeStack.parts()).text();
    }

    private static List<String> keys(String bundle) {
        return List.copyOf(ResourceBundle.getBundle("io.middleware.chaos.matrix." + bundle, Locale.ROOT)
                .keySet());
    }
}
