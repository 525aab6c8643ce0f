package io.middleware.chaos.demo;

import io.middleware.chaos.measure.Window;
import io.middleware.chaos.stack.Clock;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** One line on a terminal that is written anew while an act is played. */
final class LiveLine {

    private static final Duration DISTANCE = Duration.ofMillis(250);
    private static final long LATELY = 1_000_000;
    /** Back to the line's begin, and what is left of the last one wiped. */
    private static final String ANEW = "\r\u001b[K";

    private final Thread writer;
    private final PrintWriter terminal;

    /** @param window the calls of the act so far */
    LiveLine(PrintWriter terminal, int columns, Texts texts, Clock clock, Supplier<Window> window) {
        this.terminal = terminal;
        this.writer = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    terminal.print(ANEW + fit(line(texts, clock, window.get()), columns));
                    terminal.flush();
                    clock.sleep(DISTANCE);
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static String line(Texts texts, Clock clock, Window window) {
        long since = clock.micros() - LATELY;
        Window lately = new Window(window.calls().stream()
                .filter(call -> call.endMicros() >= since)
                .toList());
        Map<String, Long> by = lately.answeredBy();
        String who = by.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
        return texts.of("live", window.count(), window.lost().count(), texts.time(window.slowest()), who);
    }

    /** What goes on in a second line would stay there. */
    static String fit(String line, int columns) {
        return line.length() < columns ? line : line.substring(0, Math.max(0, columns - 2)) + "…";
    }

    void stop() throws InterruptedException {
        writer.interrupt();
        writer.join();
        terminal.print(ANEW);
        terminal.flush();
    }
}
