package io.middleware.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help.Ansi;

class ClientCommandTest extends CommandLineFixture {

    @Test
    void options_mayStandBeforeTheCommand() {
        assertThat(run("--target", hello.target(), "hello")).isZero();
        assertThat(out).hasToString("World\n");
    }

    @Test
    void targetThatIsNone_isWrongUse() {
        assertThat(run("hello", "--target", "no target")).isEqualTo(2);
        assertThat(err).hasToString("client: --target: expected HOST:PORT, such as 127.0.0.1:9090, got 'no target'\n");
    }

    @Test
    void deadlineThatIsNone_isWrongUse() {
        assertThat(run("hello", "--deadline", "soon")).isEqualTo(2);
        assertThat(err.toString()).contains("such as 500ms, 2s or 1m, got 'soon'");
    }

    @Test
    void headerThatIsNone_isWrongUse() {
        assertThat(run("hello", "--header", "ana")).isEqualTo(2);
        assertThat(err.toString()).contains("expected name:value");
    }

    @Test
    void credentialOfAFile_isSent_andShownNowhere(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "s3cret\n");

        assertThat(run("hello", "-v", "--target", hello.target(), "--api-key-file", file.toString()))
                .isZero();
        assertThat(hello.header("x-api-key")).isEqualTo("s3cret");
        assertThat(run("hello", "-v", "--target", hello.target(), "--token-file", file.toString()))
                .isZero();
        assertThat(hello.header("authorization")).isEqualTo("Bearer s3cret");
        assertThat(hello.header("x-api-key")).isNull();
        assertThat(out + "" + err).doesNotContain("s3cret");
    }

    @Test
    void credentialThatCannotBeUsed_isWrongUse() {
        assertThat(run("hello", "--target", hello.target(), "--token-file", "/no/such/file"))
                .isEqualTo(2);
        assertThat(err).hasToString("client: --api-key-file, --token-file: /no/such/file: it cannot be read\n");
    }

    @Test
    void colours_areThereWhenAskedForOnly() {
        run("call", "Look");
        assertThat(err.toString()).doesNotContain("\u001b");

        ansi = Ansi.ON;
        run("call", "Look");
        assertThat(err.toString()).contains("\u001b[");
    }

    @Test
    void help_showsTheNameItIsRunBy() {
        name = "./stack client";

        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .startsWith("Usage: ./stack client")
                .contains("./stack client hello -v", "Exit codes: 0 answered");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void noCommand_isWrongUseAndShowsWhichThereAre() {
        assertThat(run()).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("Usage: client", "hello", "call");
    }

    @Test
    void unknownCommand_isWrongUse() {
        assertThat(run("greet")).isEqualTo(2);
        assertThat(err.toString()).contains("greet").contains("Try 'client --help'.");
    }
}
