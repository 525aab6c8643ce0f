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

/**
 * What another program reads of a run: a {@link CallRecord} a line. To standard output each line goes at once, and ten times a
 * second a line that begins with {@value #SETTLED} and says in microseconds since 1970 before which time every call has ended.
 */
public final class RecordLines implements AutoCloseable {

    /** What the line begins with that tells how far the run is; the number follows. */
    public static final String SETTLED = "settled\t";

    private static final long DISTANCE_MILLIS = 100;

    private final PrintStream lines;
    private final ScheduledExecutorService follower;

    RecordLines(PrintStream lines, ScheduledExecutorService follower) {
        this.lines = lines;
        this.follower = follower;
    }

    /** @param file {@code -} for standard output; null for nowhere */
    static RecordLines to(String file) throws IOException {
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

    /** @param unread what to do when nobody reads any more; who did may have been killed */
    void follow(LongSupplier settledMicros, Runnable unread) {
        if (follower != null) {
            follower.scheduleAtFixedRate(
                    () -> {
                        lines.println(SETTLED + settledMicros.getAsLong());
                        if (failed()) {
                            unread.run();
                        }
                    },
                    DISTANCE_MILLIS,
                    DISTANCE_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
    }

    /** Whether some could not be written. */
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
