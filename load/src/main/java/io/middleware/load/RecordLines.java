package io.middleware.load;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@link CallRecord} a line for another program. On standard output each line is flushed at once, and ten
 * times a second a line {@value #SETTLED} with a time follows: every call due before it has ended. The time is in
 * microseconds since 1970.
 */
public final class RecordLines implements AutoCloseable {

    /** Prefix of the line that states how far the run has come. */
    public static final String SETTLED = "settled\t";

    private static final long INTERVAL_MILLIS = 100;

    private final PrintStream lines;
    private final @Nullable ScheduledExecutorService follower;

    RecordLines(PrintStream lines, @Nullable ScheduledExecutorService follower) {
        this.lines = lines;
        this.follower = follower;
    }

    /** @param file {@code -} for standard output; null for nowhere */
    static RecordLines to(@Nullable String file) throws IOException {
        if (file == null) {
            return new RecordLines(
                    new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), null);
        }
        if (!file.equals("-")) {
            return new RecordLines(
                    new PrintStream(Files.newOutputStream(Path.of(file)), false, StandardCharsets.UTF_8), null);
        }
        return new RecordLines(
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().factory()));
    }

    void add(CallRecord call) {
        lines.println(call);
    }

    /** @param onReaderGone run when the lines can no longer be written, as when the reading program was killed */
    void follow(LongSupplier settledMicros, Runnable onReaderGone) {
        if (follower != null) {
            follower.scheduleAtFixedRate(
                    () -> {
                        lines.println(SETTLED + settledMicros.getAsLong());
                        if (failed()) {
                            onReaderGone.run();
                        }
                    },
                    INTERVAL_MILLIS,
                    INTERVAL_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
    }

    /** Returns whether a line could not be written. */
    boolean failed() {
        return lines.checkError();
    }

    @Override
    public void close() {
        if (follower != null) {
            follower.shutdownNow();
        }
        lines.close();
    }
}
