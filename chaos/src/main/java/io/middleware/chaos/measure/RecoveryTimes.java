package io.middleware.chaos.measure;

import io.middleware.chaos.stack.Clock;
import io.middleware.chaos.stack.FaultInjector;
import io.middleware.chaos.stack.Part;
import io.middleware.chaos.stack.Parts;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;

/** How long it took the middleware to see what was broken and what was mended, each part from its own time. In microseconds. */
public record RecoveryTimes(Parts parts, DetectionTimes notices, Clock clock) {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(100);

    /** From the break until every gateway left the broken server alone, of several the longest; empty when one was not left. */
    public OptionalLong avoided(FaultInjector injector) {
        return longest(names(parts.servers().stream(), injector), server -> {
            long brokenAt = injector.brokenAt().get(server);
            return since(brokenAt, notices.avoided(server, brokenAt));
        });
    }

    /**
     * From the begin of the mending until the primary or the gateway that was broken has answered a call, of several the longest;
     * waits for it, but not for ever. Empty when none was broken, or one did not get there.
     */
    public OptionalLong back(FaultInjector injector, Calls calls) throws InterruptedException {
        List<String> answering =
                names(Stream.concat(parts.primaries().stream(), parts.gateways().stream()), injector).stream()
                        .filter(injector.mendedAt()::containsKey)
                        .toList();
        long limit = clock.micros() + PATIENCE.toNanos() / 1_000;
        while (true) {
            OptionalLong longest = longest(answering, name -> {
                long mendedAt = injector.mendedAt().get(name);
                return since(mendedAt, new Window(calls.due(mendedAt, Long.MAX_VALUE)).firstAnswer(name));
            });
            if (longest.isPresent() || answering.isEmpty() || clock.micros() > limit) {
                return longest;
            }
            clock.sleep(LOOK);
        }
    }

    private static List<String> names(Stream<Part> among, FaultInjector injector) {
        return among.map(Part::name).filter(injector.brokenAt()::containsKey).toList();
    }

    private static OptionalLong since(long begin, OptionalLong at) {
        return at.isPresent() ? OptionalLong.of(at.getAsLong() - begin) : at;
    }

    private static OptionalLong longest(List<String> names, Function<String, OptionalLong> time) {
        List<OptionalLong> times = names.stream().map(time).toList();
        return times.stream().allMatch(OptionalLong::isPresent)
                ? times.stream().mapToLong(OptionalLong::getAsLong).max()
                : OptionalLong.empty();
    }
}
