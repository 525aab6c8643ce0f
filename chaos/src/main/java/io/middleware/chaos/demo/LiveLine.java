package io.middleware.chaos.demo;

import io.middleware.chaos.measure.Window;
import io.middleware.chaos.stack.Clock;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A line on the terminal that is rewritten while an act is played. */
final class LiveLine {

    private static final Duration INTERVAL = Duration.ofMillis(250);
    private static final long RECENT_MICROS = 1_000_000;
    /** Goes back to the start of the line and clears it. */
    private static final String REWRITE = "\r\u001b[K";

    private final Thread writer;
    private final PrintWriter terminal;

    /** @param window the calls of the act so far */
    LiveLine(PrintWriter terminal, int columns, Texts texts, Clock clock, Supplier<Window> window) {
        this.terminal = terminal;
        this.writer = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    terminal.print(REWRITE + fit(line(texts, clock, window.get()), columns));
                    terminal.flush();
                    clock.sleep(INTERVAL);
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static String line(Texts texts, Clock clock, Window window) {
        long since = clock.micros() - RECENT_MICROS;
        Window recent = new Window(window.calls().stream()
                .filter(call -> call.endMicros() >= since)
                .toList());
        Map<String, Long> by = recent.respondedBy();
        String who = by.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
        return texts.of("live", window.count(), window.lost().count(), texts.time(window.slowest()), who);
    }

    /** Cuts the line to the terminal's width: a second line would not be cleared. */
    static String fit(String line, int columns) {
        return line.length() < columns ? line : line.substring(0, Math.max(0, columns - 2)) + "…";
    }

    void stop() throws InterruptedException {
        writer.interrupt();
        writer.join();
        terminal.print(REWRITE);
        terminal.flush();
    }
}
