package io.middleware.core;

import static io.middleware.core.Core.SAY_HELLO;
import static io.middleware.core.Core.SIGN;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that work on a few calls at a time while the others wait in a queue, and callers who come whether they do or not. */
class OverloadTest {
    private static final long T0 = new ManualTime().nanos();
    private static final Duration DEADLINE = Duration.ofSeconds(1);

    private Core core = serving(Core.limiting(new Settings.Limit(true, Duration.ofMillis(500), 50, 10_000)));
    private final Map<String, Server> servers = new HashMap<>();
    private final List<Result> results = new ArrayList<>();

    private record Result(double startedAt, double seconds, RecordingCaller caller) {
        @Override
        public String toString() {
            return "%.3f s: %s after %.3f s".formatted(startedAt, caller.status, seconds);
        }

        boolean served() {
            return caller.status == Code.OK && seconds <= 1;
        }

        boolean refused() {
            return caller.status == Code.RESOURCE_EXHAUSTED;
        }
    }

    /** Works on {@code places} calls at a time, first come, first served; one takes {@code work} of its time. */
    private final class Server {
        private final Queue<TestStream> waiting = new ArrayDeque<>();
        private final Duration work;
        private int free;

        Server(int places, Duration work) {
            this.free = places;
            this.work = work;
        }

        void take(TestStream stream) {
            stream.whenRequestIsWhole(() -> {
                waiting.add(stream);
                next();
            });
        }

        private void next() {
            while (free > 0 && !waiting.isEmpty()) {
                TestStream stream = waiting.poll();
                if (!stream.cancelled) {
                    free--;
                    core.time.schedule(() -> {
                        free++;
                        if (!stream.cancelled) {
                            stream.answer("World");
                        }
                        next();
                    }, work.toNanos());
                }
            }
        }
    }

    @AfterEach
    void nothingIsLeft() {
        core.time.advance(Duration.ofSeconds(20));
        core.assertNothingLeft();
    }

    @ParameterizedTest
    @CsvSource({"4, 20, " + SIGN, "4, 20, " + SAY_HELLO, "1, 2, " + SIGN, "16, 50, " + SAY_HELLO})
    void threeTimesTheLoad_isServedInTimeAtNearlyAllOfTheCapacity_theRestRefusedAtOnce_andNormalSoonAfter(
            int places, long work, String path) {
        double capacity = 3 * places * 1e3 / work;
        start(places, Duration.ofMillis(work));

        load(0.5 * capacity, 2, path);
        load(3 * capacity, 10, path);
        load(0.5 * capacity, 5, path);

        List<Result> overload = between(3, 12);
        assertThat(overload.stream().filter(Result::served).count() / 9.0).as("served a second, of %s", capacity)
                .isGreaterThan(0.9 * capacity);
        assertThat(overload.stream().filter(result -> !result.served() && !result.refused()))
                .as("neither served in time nor refused").isEmpty();
        assertThat(overload.stream().filter(Result::refused)).isNotEmpty().allMatch(result -> result.seconds < 0.001);
        assertThat(between(0, 2)).allMatch(Result::served);
        assertThat(between(13, 17).stream().filter(result -> !result.served() || result.seconds > 0.1 + 5e-3 * work))
                .as("not normal a second after the load").isEmpty();
        System.out.printf("%d places, %d ms: served %.3f of the capacity, slowest %.3f s%n", places, work,
                overload.stream().filter(Result::served).count() / 9.0 / capacity,
                overload.stream().filter(Result::served).mapToDouble(Result::seconds).max().orElseThrow());
    }

    @Test
    void refusal_saysSo_costsNoBudget_andTakesNoSecondary() {
        core = serving(Core.limiting(new Settings.Limit(true, Duration.ofMillis(500), 1, 2)), "p1", "p2", "s1");
        start(0, Duration.ofMillis(1));
        double budget = core.service().repeats().budget().left();
        List<Core.Asked> taken = Stream.generate(() -> ask(SIGN)).limit(4).toList();
        core.time.runDue();
        assertThat(core.transport.tried()).as("first the first one, then the other").containsExactly("p1", "p1", "p2", "p2");

        RecordingCaller refused = core.call(SIGN);

        refused.assertFailed(Code.RESOURCE_EXHAUSTED,
                "each instance of hello-service that could take it has as many calls as it answers in time");
        assertThat(core.service().repeats().budget().left()).isGreaterThanOrEqualTo(budget);
        assertThat(core.transport.tried()).hasSize(4);
        taken.forEach(Core.Asked::cancel);
        core.call(SIGN);
        assertThat(core.transport.tried()).as("when there is room again").hasSize(5);
    }

    @Test
    void streams_areNeitherLimitedNorCounted() {
        core = serving(Core.limiting(new Settings.Limit(true, Duration.ofMillis(500), 1, 1)), "p1");
        start(0, Duration.ofMillis(1));
        List<Core.Asked> streams = Stream.generate(() -> ask(Core.CHAT)).limit(1_000).toList();
        core.time.runDue();
        assertThat(core.transport.tried()).hasSize(1_000);
        Core.Asked unary = ask(SIGN);
        assertThat(core.transport.tried()).hasSize(1_001);
        streams.forEach(Core.Asked::cancel);
        unary.cancel();
    }

    @Test
    void turnedOff_refusesNobody() {
        core = serving(Core.limiting(new Settings.Limit(false, Duration.ofMillis(500), 1, 1)), "p1");
        start(0, Duration.ofMillis(1));
        List<Core.Asked> all = Stream.generate(() -> ask(SIGN)).limit(100).toList();
        assertThat(core.transport.tried()).hasSize(100);
        all.forEach(Core.Asked::cancel);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 1_000})
    void bursts_atLessThanTheCapacity_areNotRefused(int burst) {
        start(16, Duration.ofMillis(10));
        double capacity = 3 * 16 * 100;
        for (int second = 0; second < 10; second++) {
            for (int i = 0; i < burst; i++) {
                come(SIGN);
            }
            load(0.7 * capacity - burst, 1, SIGN);
        }
        assertThat(results).hasSizeGreaterThan(20_000).allMatch(Result::served);
    }

    @Test
    void callsThatAreSlowByNature_areNotRefused() {
        start(1_000, Duration.ofSeconds(3));
        for (int i = 0; i < 900; i++) {
            core.time.advance(Duration.ofMillis(10));
            ask(SIGN);
        }
        core.time.advance(Duration.ofSeconds(5));
        assertThat(core.transport.tried()).hasSize(900);
    }

    private static Core serving(Settings settings, String... ids) {
        Random random = new Random(1);
        Core core = new Core(settings, ids.length > 0 ? List::getFirst : candidates -> {
            Instance a = candidates.get(random.nextInt(candidates.size()));
            Instance b = candidates.get(random.nextInt(candidates.size()));
            return a.inFlight() <= b.inFlight() ? a : b;
        });
        core.register(Stream.of(ids.length > 0 ? ids : new String[] {"p1", "p2", "p3"}).map(Core::passing)
                .toArray(Registration[]::new));
        core.directory.markLoaded();
        core.describe();
        return core;
    }

    private void start(int places, Duration work) {
        for (String id : List.of("p1", "p2", "p3", "s1")) {
            servers.put(id, new Server(places, work));
            core.transport.always(id, stream -> servers.get(stream.instance.id()).take(stream));
        }
    }

    private void load(double perSecond, int seconds, String path) {
        for (int i = 0; i < perSecond * seconds; i++) {
            core.time.advance(Duration.ofNanos((long) (1e9 / perSecond)));
            come(path);
        }
    }

    private void come(String path) {
        RecordingCaller caller = new RecordingCaller();
        long start = core.time.nanos();
        caller.onEnd = () -> results.add(new Result((start - T0) / 1e9, (core.time.nanos() - start) / 1e9, caller));
        Exchange exchange = core.failover.start(new Call(path, TestHeaders.NONE, start + DEADLINE.toNanos(), false, caller,
                core.time));
        exchange.send(core.chunks.of("Hello"), true);
    }

    private List<Result> between(double from, double to) {
        return results.stream().filter(result -> result.startedAt >= from && result.startedAt < to).toList();
    }

    private Core.Asked ask(String path) {
        Core.Asked asked = core.ask(path);
        asked.send("Hello", true);
        return asked;
    }
}
