package io.middleware.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RecordLinesTest {

    private final AtomicBoolean readerIsGone = new AtomicBoolean();

    @Test
    void readerThatIsGone_isNoticed() throws InterruptedException {
        CountDownLatch unread = new CountDownLatch(1);
        try (RecordLines lines = lines()) {
            lines.follow(() -> 1, unread::countDown);
            assertThat(unread.await(300, TimeUnit.MILLISECONDS))
                    .as("there is a reader")
                    .isFalse();
            assertThat(lines.failed()).isFalse();

            readerIsGone.set(true);

            assertThat(unread.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(lines.failed()).isTrue();
        }
    }

    private RecordLines lines() {
        OutputStream pipe = new OutputStream() {
            @Override
            public void write(int each) throws IOException {
                if (readerIsGone.get()) {
                    throw new IOException("Broken pipe");
                }
            }
        };
        return new RecordLines(
                new PrintStream(pipe, true, StandardCharsets.UTF_8), Executors.newSingleThreadScheduledExecutor());
    }
}
