package io.middleware.gateway.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

    @ParameterizedTest
    @CsvSource({
        "answered OK, respondeu OK",
        "answered UNAVAILABLE: on purpose: fault unavailable, respondeu UNAVAILABLE: on purpose: fault unavailable",
        "no answer to a ping within 30 ms, sem resposta a um ping em 30 ms",
        "connection refused, conexão recusada",
        "something new, something new",
        "answered, answered",
    })
    void textOfTheCore_isTranslated_andAServersWordsStay(String english, String portuguese) {
        assertThat(new Words("pt").translated("words", english)).isEqualTo(portuguese);
    }

    @Test
    void whatFollowsABeginning_isTranslatedByItself() {
        assertThat(new Words("pt")
                        .translated(
                                "words",
                                "half of its last answers failed, the last one: answered UNAVAILABLE: on purpose"))
                .isEqualTo("metade das suas últimas respostas falhou, a última: respondeu UNAVAILABLE: on purpose");
    }

    @Test
    void english_staysAsItIs() {
        assertThat(new Words("en").translated("words", "answered UNAVAILABLE: no"))
                .isEqualTo("answered UNAVAILABLE: no");
    }
}
