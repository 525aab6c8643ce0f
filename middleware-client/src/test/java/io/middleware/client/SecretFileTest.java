package io.middleware.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {

    @TempDir
    private Path folder;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10); // the clock may overflow

    @Test
    void fileThatIsReplaced_isReadAgain_aSecondLater() throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "old\n");
        SecretFile secret = new SecretFile(file, nanos::get);
        Files.writeString(file, "new\n");

        nanos.addAndGet(SecretFile.PERIOD.toNanos() - 1);
        assertThat(secret.get()).isEqualTo("old");
        nanos.addAndGet(1);
        assertThat(secret.get()).isEqualTo("new");
    }

    @Test
    void fileThatCannotBeUsed_changesNothing() throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "old");
        SecretFile secret = new SecretFile(file, nanos::get);

        Files.writeString(file, "two words");
        nanos.addAndGet(SecretFile.PERIOD.toNanos());
        assertThat(secret.get()).isEqualTo("old");

        Files.delete(file);
        nanos.addAndGet(SecretFile.PERIOD.toNanos());
        assertThat(secret.get()).isEqualTo("old");

        Files.writeString(file, "new");
        nanos.addAndGet(SecretFile.PERIOD.toNanos());
        assertThat(secret.get()).isEqualTo("new");
    }
}
