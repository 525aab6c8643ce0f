package io.middleware.chaos.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.chaos.measure.Recording;
import io.middleware.chaos.measure.Window;
import io.middleware.load.CallRecord;
import io.middleware.load.Kind;
import io.middleware.load.Reply;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {

    @ParameterizedTest
    @ValueSource(strings = {"en", "pt"})
    void eachAct_hasATitleAndASentence(String language) {
        Texts texts = new Texts(language);
        for (Act act : Acts.ALL) {
            assertThat(texts.title(act)).as(act.name()).isNotBlank();
            assertThat(texts.explanation(act)).as(act.name()).contains(": ").doesNotContain("''");
        }
    }

    @Test
    void languages_sayTheSameThings() {
        assertThat(keys("texts_pt")).containsExactlyInAnyOrderElementsOf(keys("texts"));
        assertThat(new Texts("pt").of("end.good", 3)).isEqualTo("Nenhuma chamada se perdeu, de um total de 3.");
    }

    @Test
    void verdict_tellsWhatThereIs() {
        Window window = new Window(List.of(new CallRecord(0, Kind.GRPC, 31_200, "", new Reply("", "a", "g", 1, ""))));
        Recording recording = new Recording(window, List.of(), 0, 1_000_000);
        Act act = Acts.ALL.getFirst();

        assertThat(new Texts("en")
                        .verdict(new Verdict(
                                act, recording, OptionalLong.of(4_000), OptionalLong.of(1_234_000), Optional.empty())))
                .isEqualTo("1 calls, 0 lost, slowest 31 ms, noticed after 4 ms, back after 1.2 s");
        assertThat(new Texts("pt")
                        .verdict(new Verdict(
                                act, recording, OptionalLong.empty(), OptionalLong.of(1_234_000), Optional.empty())))
                .isEqualTo("1 chamadas, 0 perdidas, mais lenta 31 ms, de volta após 1,2 s");
    }

    private static List<String> keys(String bundle) {
        return List.copyOf(ResourceBundle.getBundle("io.middleware.chaos.demo." + bundle, java.util.Locale.ROOT)
                .keySet());
    }
}
