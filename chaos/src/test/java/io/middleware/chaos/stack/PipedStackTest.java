package io.middleware.chaos.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PipedStackTest {

    private final ByteArrayOutputStream requests = new ByteArrayOutputStream();

    @Test
    void command_goesOutAsALine_andItsOutputComesBack() {
        assertThat(stack("0 2 0\n{\"mode\":\n \"local\"}\n")
                        .run("status", "--json")
                        .output())
                .isEqualTo("{\"mode\":\n \"local\"}\n");
        assertThat(requests.toString(StandardCharsets.UTF_8)).isEqualTo("run status --json\n");
    }

    @Test
    void command_tellsWhenItDidItsWork() {
        assertThat(stack("0 0 1700000000123456\n").run("kill", "consul").atMicros())
                .isEqualTo(1_700_000_000_123_456L);
    }

    @Test
    void commandThatIsNotPossibleHere_isDistinguished() {
        assertThatThrownBy(() ->
                        stack("4 1 0\ncut: as processes this takes root\n").run("cut", "hello-service-1"))
                .isInstanceOf(Stack.NotPossibleException.class)
                .hasMessage("cut: as processes this takes root");
        assertThatThrownBy(() -> stack("1 1 0\nno\n").run("cut", "hello-service-1"))
                .isNotInstanceOf(Stack.NotPossibleException.class);
    }

    @Test
    void commandThatFails_isReportedWithItsOutput() {
        assertThatThrownBy(() -> stack("1 1 0\nhello-service-1 is paused\n").run("start", "hello-service-1"))
                .isInstanceOf(Stack.StackException.class)
                .hasMessageContaining("start hello-service-1 failed with exit status 1: hello-service-1 is paused");
    }

    @Test
    void otherEndThatIsGone_isReported() {
        assertThatThrownBy(() -> stack("0 2 0\none\n").run("status"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("the script that started this program has ended");
    }

    @Test
    void file_goesOutWithItsLines() {
        stack("0 0 0\n").write("matrix.md", "| a |\n| b |\n");

        assertThat(requests.toString(StandardCharsets.UTF_8)).isEqualTo("file matrix.md 2\n| a |\n| b |\n");
    }

    private PipedStack stack(String replies) {
        return new PipedStack(
                new PrintStream(requests, true, StandardCharsets.UTF_8), new BufferedReader(new StringReader(replies)));
    }
}
