package io.middleware.gateway.security.watched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.middleware.starter.WrongSettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedFileTest {
    @TempDir
    private Path folder;

    @Test
    void fileThatIsMissingOrWrong_stopsTheStart_withASentence() throws IOException {
        assertThatThrownBy(() -> watch("none"))
                .isInstanceOf(WrongSettingException.class)
                .hasMessageMatching("some\\.setting: .*none: there is no such file");
        Files.writeString(folder.resolve("odd"), "x");
        assertThatThrownBy(() -> watch("odd"))
                .isInstanceOf(WrongSettingException.class)
                .hasMessageEndingWith("odd: x (expected: a number)");
    }

    @Test
    void changedFile_isTaken_andAWrongOneIsNot() throws IOException {
        Path file = Files.writeString(folder.resolve("numbers"), "1");
        WatchedFile<Integer> watched = watch("numbers");
        Files.writeString(file, "2");
        watched.refresh();
        assertThat(watched.get()).isEqualTo(2);

        Files.writeString(file, "y");
        watched.refresh();
        assertThat(watched.get()).isEqualTo(2);
        assertThat(watched.problem()).isEqualTo("y (expected: a number)");

        Files.delete(file);
        watched.refresh();
        assertThat(watched.get()).isEqualTo(2);
        assertThat(watched.problem()).isEqualTo("there is no such file");

        Files.writeString(file, "3");
        watched.refresh();
        assertThat(watched.get()).isEqualTo(3);
        assertThat(watched.problem()).isNull();
    }

    private WatchedFile<Integer> watch(String name) {
        return new WatchedFile<>("some.setting", folder.resolve(name), text -> {
            if (!text.matches("\\d+")) {
                throw new IllegalArgumentException(text + " (expected: a number)");
            }
            return Integer.valueOf(text);
        });
    }
}
