package io.middleware.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerCredentialTest {
    @TempDir
    private Path folder;

    @Test
    void eachKind_hasItsHeader() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "s3cret\n");

        assertThat(headers(CallerCredential.NONE)).isEmpty();
        assertThat(headers(CallerCredential.apiKey("s3cret"))).containsExactly("x-api-key: s3cret");
        assertThat(headers(CallerCredential.apiKeyFile(file))).containsExactly("x-api-key: s3cret");
        assertThat(headers(CallerCredential.tokenFile(file))).containsExactly("authorization: Bearer s3cret");
    }

    @Test
    void fileComesBeforeTheEnvironment_andOnlyOneFileIsMeant() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "of-the-file");

        assertThat(headers(CallerCredential.of(file, null, "other"))).containsExactly("x-api-key: of-the-file");
        assertThat(headers(CallerCredential.of(null, file, "other")))
                .containsExactly("authorization: Bearer of-the-file");
        assertThat(headers(CallerCredential.of(null, null, "other"))).containsExactly("x-api-key: other");
        assertThat(headers(CallerCredential.of(null, null, ""))).isEmpty();
        assertThatThrownBy(() -> CallerCredential.of(file, file, null)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "two words", "two\nlines", "\u00fcmlaut", "a\u0000b"})
    void whatCanBeNoHeader_isRefused_withoutSayingIt(String wrong) throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), wrong);

        assertThatThrownBy(() -> CallerCredential.apiKeyFile(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ": it is empty, or has more than one word of visible ASCII");
        assertThatThrownBy(() -> CallerCredential.apiKey(wrong)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fileThatIsNotThere_isTold() {
        assertThatThrownBy(() -> CallerCredential.tokenFile(folder.resolve("none")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("none: it cannot be read");
    }

    @Test
    void secret_isNotInItsText() {
        assertThat(CallerCredential.apiKey("s3cret")).hasToString("x-api-key");
    }

    private static List<String> headers(CallerCredential credential) {
        List<String> headers = new ArrayList<>();
        credential.addTo((name, value) -> headers.add(name + ": " + value));
        return headers;
    }
}
