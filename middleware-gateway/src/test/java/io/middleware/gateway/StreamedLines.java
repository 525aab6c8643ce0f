package io.middleware.gateway;

import java.io.UncheckedIOException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Reads what comes line by line for as long as a test lasts, such as a response or the output of a process. */
public final class StreamedLines {
    private StreamedLines() {}

    /** Hands over each line, on a thread of its own, until the lines end or the test closes where they come from. */
    public static void read(Stream<String> lines, Consumer<String> onLine) {
        Thread.startVirtualThread(() -> {
            try {
                lines.forEach(onLine);
            } catch (UncheckedIOException closed) {
                // as a failure of this thread it would be that of the next test, which waits meanwhile
            }
        });
    }
}
