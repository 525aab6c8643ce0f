package io.middleware.chaos;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How long it took the middleware to see what was broken, and what was mended. In microseconds. */
public record Aftermath(Parts parts, Notices notices, Clock clock) {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(100);

    /** From the break until every gateway left the broken servers alone; empty when none was broken, or one did not. */
    public OptionalLong avoided(Stage stage) {
        Set<String> servers = affected(stage, parts.servers().stream());
        OptionalLong at = servers.isEmpty() ? OptionalLong.empty() : notices.avoided(servers, stage.brokenAt());
        return at.isPresent() ? OptionalLong.of(at.getAsLong() - stage.brokenAt()) : at;
    }

    /**
     * From the begin of the mending until every primary and every gateway that was broken has answered a call; waits for it, but
     * not for ever. Empty when none was broken, or one did not get there.
     */
    public OptionalLong back(Stage stage, Calls calls) throws InterruptedException {
        Set<String> answering = affected(stage, Stream.concat(parts.primaries().stream(), parts.gateways().stream()));
        if (answering.isEmpty() || stage.mendedAt() == 0) {
            return OptionalLong.empty();
        }
        long limit = clock.micros() + PATIENCE.toNanos() / 1_000;
        while (true) {
            OptionalLong at = new Window(calls.due(stage.mendedAt(), Long.MAX_VALUE)).allAnswered(answering);
            if (at.isPresent()) {
                return OptionalLong.of(at.getAsLong() - stage.mendedAt());
            }
            if (clock.micros() > limit) {
                return at;
            }
            clock.sleep(LOOK);
        }
    }

    private static Set<String> affected(Stage stage, Stream<Part> among) {
        return among.map(Part::name).filter(stage.affected()::contains).collect(Collectors.toSet());
    }
}
