package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ConsulTokenTest {

    @TempDir
    private Path folder;

    @Test
    void fixedToken_isWithoutSpaces_andNoneIsEmpty() {
        assertThat(ConsulToken.fixed(" secret\n").current()).isEqualTo("secret");
        assertThat(ConsulToken.fixed(null).current()).isEmpty();
    }

    @Test
    void replacedFile_isTakenWithTheNextRequest_andNeverLogged(CapturedOutput log) throws IOException {
        Path file = write("first-secret\n");
        ConsulToken token = ConsulToken.inFile(file);
        assertThat(token.current()).isEqualTo("first-secret");
        Files.move(
                Files.writeString(folder.resolve("new"), "second-secret"),
                file,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(token.current()).isEqualTo("second-secret");
        assertThat(token.current()).isEqualTo("second-secret");
        assertThat(log).containsOnlyOnce("took the token for Consul from " + file);
        assertThat(log.getOut()).doesNotContain("secret");
    }

    @Test
    void fileThatIsGoneOrEmpty_leavesTheTokenInUse_andIsToldOnce(CapturedOutput log) throws IOException {
        Path file = write("secret");
        ConsulToken token = ConsulToken.inFile(file);
        Files.delete(file);
        assertThat(token.current()).isEqualTo("secret");
        assertThat(token.current()).isEqualTo("secret");
        assertThat(token.problem()).contains(file + " does not exist");
        assertThat(log).containsOnlyOnce("does not exist; the token read before stays in use");

        write("");
        assertThat(token.current()).isEqualTo("secret");
        assertThat(token.problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("holds no token"));

        write("newer");
        assertThat(token.current()).isEqualTo("newer");
        assertThat(token.problem()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "two words", "with\0zero", "naïve"})
    void fileWithoutAToken_stopsTheStart(String content) throws IOException {
        Path file = write(content);
        assertThatThrownBy(() -> ConsulToken.inFile(file))
                .isInstanceOf(WrongSettingException.class)
                .hasMessage("middleware.consul.token-file: " + file
                        + " holds no token (expected: one word, such as a UUID).");
    }

    @Test
    void largeOrMissingFile_stopsTheStart() throws IOException {
        Path large = write("x".repeat(5000));
        assertThatThrownBy(() -> ConsulToken.inFile(large)).hasMessageContaining("holds no token");
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> ConsulToken.inFile(missing)).hasMessageContaining(missing + " does not exist");
        assertThatThrownBy(() -> ConsulToken.inFile(folder)).isInstanceOf(WrongSettingException.class);
    }

    private Path write(String content) throws IOException {
        return Files.writeString(folder.resolve("token"), content);
    }
}
