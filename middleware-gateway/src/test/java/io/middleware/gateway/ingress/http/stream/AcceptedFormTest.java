package io.middleware.gateway.ingress.http.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptedFormTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|ARRAY",
                "*/*|ARRAY",
                "application/*|ARRAY",
                "text/*|EVENTS",
                "application/json|ARRAY",
                "application/x-ndjson|LINES",
                "Application/JSONL|LINES",
                "application/ndjson; charset=utf-8|LINES",
                "text/event-stream|EVENTS",
                "text/event-stream, application/json|EVENTS",
                "application/json;q=0.5, text/event-stream;q=0.6|EVENTS",
                "text/event-stream;q=0.5, application/x-ndjson;q=0.9|LINES",
                "*/*, application/x-ndjson|LINES",
                "application/json;q=0, */*|LINES",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8|ARRAY",
                "text/event-stream;q=often|EVENTS",
                "text/html|",
                "application/json;q=0|",
                "*/*;q=0|",
            })
    void theFormThatIsWantedMost_isChosen(String accept, StreamForm expected) {
        assertThat(AcceptedForm.of(List.of(accept))).isEqualTo(expected);
    }

    @Test
    void severalHeaders_countAsOne() {
        assertThat(AcceptedForm.of(List.of("application/json;q=0.1", "text/event-stream")))
                .isEqualTo(StreamForm.EVENTS);
    }
}
