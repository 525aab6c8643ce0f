package io.middleware.chaos.prove.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JsonLinesTest {

    @Test
    void submissions_areReadAsTheyWereWritten() {
        List<Submission> calls = List.of(call("OK", Told.OK), call("UNAVAILABLE: \"it\"\nmay have run", Told.UNKNOWN));

        String lines = JsonLines.of(calls);

        assertThat(lines.lines()).hasSize(2).allMatch(line -> line.startsWith("{\"operation\":"));
        assertThat(JsonLines.read(lines.lines().toList(), Submission.class)).isEqualTo(calls);
    }

    private static Submission call(String status, Told told) {
        return new Submission(1, Kind.KEYED, "HTTP", "a.0", "a", 1, 2, told, status, 2, "s", "g", true, "hash");
    }
}
