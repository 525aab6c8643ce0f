package io.middleware.chaos.measure;

import io.middleware.chaos.stack.Clock;
import io.middleware.chaos.stack.FaultInjector;
import io.middleware.chaos.stack.Part;
import io.middleware.chaos.stack.Parts;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How long the middleware took to avoid a broken part and to use it again, in microseconds. Each part counts from its
 * own time, and of several parts the slowest.
 */
public record RecoveryTimes(Parts parts, DetectionTimes notices, Clock clock) {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(100);

    /**
     * Returns the time from the break until every gateway avoided the broken servers; empty when one was still in use.
     */
    public OptionalLong avoided(FaultInjector injector) {
        return longest(names(parts.servers().stream(), injector), server -> {
            long brokenAt = Objects.requireNonNull(injector.brokenAt().get(server));
            return since(brokenAt, notices.avoided(server, brokenAt));
        });
    }

    /**
     * Returns the time from the start of the mending until the broken primaries and gateways responded to a call again.
     * Waits for that, up to a limit. Empty when none was broken, or one did not respond in time.
     */
    public OptionalLong usedAgain(FaultInjector injector, Calls calls) throws InterruptedException {
        List<String> responding =
                names(Stream.concat(parts.primaries().stream(), parts.gateways().stream()), injector).stream()
                        .filter(injector.mendedAt()::containsKey)
                        .toList();
        long limit = clock.micros() + PATIENCE.toNanos() / 1_000;
        while (true) {
            OptionalLong longest = longest(responding, name -> {
                long mendedAt = Objects.requireNonNull(injector.mendedAt().get(name));
                return since(mendedAt, new Window(calls.due(mendedAt, Long.MAX_VALUE)).firstSuccess(name));
            });
            if (longest.isPresent() || responding.isEmpty() || clock.micros() > limit) {
                return longest;
            }
            clock.sleep(LOOK);
        }
    }

    /** Returns those of the servers alone, for callers that know no gateway. */
    public RecoveryTimes ofServers() {
        return new RecoveryTimes(new Parts(parts.servers()), notices, clock);
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
