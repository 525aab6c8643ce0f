package io.middleware.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Call;
import io.middleware.core.Caller;
import io.middleware.core.Code;
import io.middleware.core.Counts;
import io.middleware.core.Outcome;
import io.middleware.core.Settings;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.fixture.RecordingCaller;
import io.middleware.core.fixture.Script;
import io.middleware.core.fixture.TestHeaders;
import io.middleware.core.fixture.TestStream;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Registration;
import io.middleware.core.stale.StaleResponses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Random faults against the whole core in virtual time. What must hold for each call, whatever happens, is checked here;
 * the fixtures check besides that nothing is told after the end, and that no chunk is lost or released twice.
 */
class RandomFaultsTest {
    private static final int RUNS = 400;
    private static final int CALLS = 250;
    private static final List<String> IDS = List.of("p1", "p2", "p3", "s1");
    private static final List<String> PATHS =
            List.of(CoreFixture.SAY_HELLO, CoreFixture.SIGN, CoreFixture.CHAT, "/hello.v1.HelloService/NotDescribed");
    private static final Settings SETTINGS = new Settings(
            Duration.ofSeconds(15),
            4,
            Duration.ofMillis(5),
            new Settings.Budget(0.2, 10, 500),
            new Settings.Replays(12, 200),
            Settings.defaults().ejection(),
            Settings.defaults().hedge(),
            Settings.defaults().silence(),
            Settings.defaults().limit());
    private static final StaleResponses.Policy STALE =
            new StaleResponses.Policy(Set.of(CoreFixture.SAY_HELLO), Set.of(), List.of(), 20);

    private static final Set<Code> LOST = EnumSet.of(Code.UNAVAILABLE, Code.RESOURCE_EXHAUSTED, Code.DEADLINE_EXCEEDED);

    private enum Condition {
        WELL,
        DEAD,
        FLAKY,
        SILENT,
        FROZEN,
        UNREACHED,
        SLOW
    }

    @Test
    void whateverFails_eachCallEndsOnceAndInTimeAndRunsNoMoreOftenThanItMay() {
        long seed = Long.getLong("seed", System.nanoTime());
        Map<Code, Integer> ends = new HashMap<>();
        long hedges = 0;
        long hedgesWon = 0;
        long stale = 0;
        try {
            for (int i = 0; i < RUNS; i++) {
                Run run = new Run(new Random(seed + i), i % 4 == 0 ? STALE : null, ends);
                run.play();
                hedges += run.core.service().counts().hedges(Counts.Hedge.STARTED);
                hedgesWon += run.core.service().counts().hedges(Counts.Hedge.WON);
                stale += run.core.service().counts().fallbacks(Counts.Fallback.STALE);
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("with -Dseed=" + seed + ": " + e.getMessage(), e);
        }
        assertThat(ends)
                .as("the schedules are neither all well nor all bad; -Dseed=%d", seed)
                .containsKeys(Code.OK, Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.RESOURCE_EXHAUSTED);
        assertThat(ends.get(Code.OK)).isGreaterThan(RUNS * CALLS / 4);
        assertThat(hedgesWon).as("hedges that won, of %d", hedges).isBetween(RUNS * CALLS / 1_000L, hedges - 1);
        assertThat(stale).as("answers that were not a server's").isPositive();
        System.out.printf(
                "%d calls ended as %s, %d of them by an earlier answer, with %d hedges of which %d won; -Dseed=%d%n",
                RUNS * CALLS, ends, stale, hedges, hedgesWon, seed);
    }

    private static final class Run {
        private final Random random;
        private final Map<Code, Integer> ends;
        private final CoreFixture core;
        private final Map<String, Condition> conditions = new HashMap<>();
        private final Map<Caller, Course> courses = new HashMap<>();
        private final Map<TestStream, Course> unreached = new HashMap<>();
        private int repeats;
        private int ended;

        /** {@code policy}: null where no answers are kept. */
        Run(Random random, StaleResponses.Policy policy, Map<Code, Integer> ends) {
            this.random = random;
            this.ends = ends;
            this.core = new CoreFixture(
                    SETTINGS, candidates -> candidates.get(random.nextInt(candidates.size())), policy, () -> random);
        }

        void play() {
            core.directory.listen(core.outliers::onInstanceChange);
            core.register(IDS.stream().map(CoreFixture::passing).toArray(Registration[]::new));
            core.directory.markLoaded();
            core.describe();
            core.service().counts().listen((code, nanos) -> ended++);
            IDS.forEach(id -> core.transport.always(id, this::attempted));
            for (int millis = 0; millis < 5_000; millis += 25) {
                in(millis, this::somethingHappens);
            }
            List<Course> calls = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                in(random.nextInt(5_000), () -> calls.add(new Course().begin()));
            }
            core.time.advance(Duration.ofSeconds(5 + 16));
            unreached.values().forEach(course -> course.unsent++);
            calls.forEach(Course::assertEnded);
            assertThat(calls).hasSize(CALLS);
            assertThat(core.service().budget().left()).isNotNegative();
            assertThat(repeats).as("repeats that are paid for").isLessThanOrEqualTo((int) mostRepeats());
            core.assertNothingLeft();
            assertCounted(calls);
        }

        private void assertCounted(List<Course> calls) {
            Counts counts = core.service().counts();
            assertThat(counts.hedges(Counts.Hedge.STARTED))
                    .as("hedges that won or lost")
                    .isEqualTo(counts.hedges(Counts.Hedge.WON) + counts.hedges(Counts.Hedge.LOST));
            assertThat(Stream.of(Counts.Ending.values())
                            .mapToLong(counts::attempts)
                            .sum())
                    .as("attempts that were counted")
                    .isEqualTo(calls.stream().mapToLong(call -> call.attempts).sum());
            assertThat(ended).as("calls whose end was counted").isEqualTo(CALLS);
        }

        /** What the budget starts with, and what calls and time add to it. */
        private double mostRepeats() {
            Settings.Budget budget = SETTINGS.budget();
            return 10 * budget.floor() + CALLS * budget.ratio() + 21 * budget.floor();
        }

        private void somethingHappens() {
            for (String id : IDS) {
                if (chance(10)) {
                    Condition[] all = Condition.values();
                    conditions.put(id, chance(40) ? Condition.WELL : all[random.nextInt(all.length)]);
                    switch (conditions.get(id)) {
                        case DEAD -> core.transport.probeFinds(id, "connection refused");
                        case FROZEN, UNREACHED -> core.transport.probeTimesOut(id);
                        default -> core.transport.probeFinds(id, null);
                    }
                }
            }
            if (chance(20)) {
                core.register(IDS.stream()
                        .filter(id -> !chance(20))
                        .map(this::registration)
                        .toArray(Registration[]::new));
            }
            core.directory.expire();
        }

        private Registration registration(String id) {
            Registration r = chance(20) ? CoreFixture.failing(id) : CoreFixture.passing(id);
            int port = chance(5) ? 20_000 + random.nextInt(1_000) : r.port();
            return new Registration(id, r.host(), port, r.pool(), 1, r.grpcServices(), chance(80), r.passing(), 10, 10);
        }

        private void attempted(TestStream stream) {
            Course course = courses.get(stream.call.caller());
            course.attempted(stream.instance);
            assertThat(stream.leftNanos).as("what is left of the deadline").isPositive();
            boolean honoured = course.keyed() && stream.instance.registration().idempotencyKeys();
            Runnable runs = () -> course.runs(honoured);
            if (honoured && course.keyHeld) {
                stream.whenRequestIsWhole(
                        () -> stream.later(Duration.ofMillis(random.nextInt(30)), () -> stream.trailers(Code.ABORTED)));
                return;
            }
            switch (conditions.getOrDefault(stream.instance.id(), Condition.WELL)) {
                case WELL ->
                    stream.whenRequestIsWhole(() -> {
                        runs.run();
                        stream.later(Duration.ofMillis(random.nextInt(6)), () -> stream.answer("World"));
                    });
                case DEAD -> {
                    course.unsent++;
                    Script.refusesConnection().play(stream);
                }
                case SILENT, FROZEN ->
                    stream.whenRequestIsWhole(() -> {
                        runs.run();
                        course.keyHeld |= honoured;
                    });
                case UNREACHED -> {
                    stream.unsent = true;
                    unreached.put(stream, course);
                }
                case SLOW ->
                    stream.whenRequestIsWhole(() -> {
                        runs.run();
                        course.keyHeld |= honoured;
                        stream.later(Duration.ofMillis(random.nextInt(300)), () -> {
                            course.keyHeld = false;
                            stream.answer("slow World");
                        });
                    });
                case FLAKY -> flaky(stream, runs);
            }
        }

        private void flaky(TestStream stream, Runnable runs) {
            switch (random.nextInt(10)) {
                case 0 -> {
                    courses.get(stream.call.caller()).unsent++;
                    Script.unsent().play(stream);
                }
                case 1 ->
                    stream.onSend = () -> {
                        courses.get(stream.call.caller()).unsent++;
                        stream.onSend = () -> {};
                        stream.fail(Outcome.unsent("stream refused"));
                    };
                case 2 -> Script.breaks(Duration.ofMillis(random.nextInt(4))).play(stream);
                case 3 ->
                    stream.whenRequestIsWhole(() -> {
                        runs.run();
                        stream.fail(Outcome.broken(Code.UNAVAILABLE, "connection reset"));
                    });
                case 4 ->
                    stream.whenRequestIsWhole(() -> {
                        runs.run();
                        stream.headers();
                        stream.chunk("Wor");
                        stream.fail(Outcome.broken(Code.UNAVAILABLE, "connection reset"));
                    });
                case 5 ->
                    stream.whenRequestIsWhole(() -> {
                        runs.run();
                        stream.trailers(Code.UNAVAILABLE);
                    });
                case 6 ->
                    stream.later(Duration.ZERO, () -> {
                        runs.run();
                        stream.headers();
                        stream.later(Duration.ofMillis(3), () -> stream.trailers(Code.RESOURCE_EXHAUSTED));
                    });
                case 7 ->
                    stream.later(Duration.ofMillis(1), () -> stream.answer("too early, before the request is whole"));
                case 8 ->
                    stream.whenRequestIsWhole(() -> {
                        runs.run();
                        stream.headers();
                        stream.later(Duration.ofMillis(random.nextInt(20)), () -> stream.trailers(Code.NOT_FOUND));
                    });
                default -> {
                    stream.writable = false;
                    stream.later(Duration.ofMillis(1), () -> stream.becomeWritable(true));
                    Script.answers("World").play(stream);
                }
            }
        }

        private boolean chance(int percent) {
            return random.nextInt(100) < percent;
        }

        private void in(int millis, Runnable action) {
            core.time.schedule(action, Duration.ofMillis(millis).toNanos());
        }

        /** One call, from its beginning to its end. */
        private final class Course {
            private final RecordingCaller caller = new RecordingCaller();
            private final String path = PATHS.get(random.nextInt(PATHS.size()));
            private final boolean key = chance(30);
            private final boolean mayRunOnce = path.equals(CoreFixture.SIGN) || path.endsWith("NotDescribed");
            private boolean keyHeld;
            private int executionsByKey;
            private final Set<Instance> tried = new HashSet<>();
            private int executions;
            private int attempts;
            private int unsent;
            private int rounds = 1;
            private long deadline = core.time.nanos() + SETTINGS.unaryDeadline().toNanos();
            private long endedAt;
            private Exchange exchange;

            Course begin() {
                courses.put(caller, this);
                caller.onEnd = () -> {
                    endedAt = core.time.nanos();
                    ends.merge(caller.status, 1, Integer::sum);
                };
                long told = Call.NO_DEADLINE;
                if (!path.equals(CoreFixture.SAY_HELLO) && !path.equals(CoreFixture.SIGN) || chance(75)) {
                    deadline = core.time.nanos()
                            + Duration.ofMillis(1 + random.nextInt(200)).toNanos();
                    told = deadline;
                }
                exchange =
                        (Exchange) core.failover.start(new Call(path, TestHeaders.NONE, told, key, caller, core.time));
                send(1 + random.nextInt(3));
                if (chance(10)) {
                    in(random.nextInt(20), this::leave);
                }
                return this;
            }

            private void send(int pieces) {
                boolean last = pieces == 1 && chance(50);
                exchange.send(core.chunks.of("Hello"), last);
                if (pieces > 1) {
                    in(random.nextInt(4), () -> send(pieces - 1));
                } else if (!last) {
                    in(random.nextInt(2), exchange::halfClose);
                }
                exchange.wantMore(!caller.ended() && chance(90));
            }

            private void leave() {
                if (!caller.ended()) {
                    endedAt = core.time.nanos();
                }
                caller.leave();
                exchange.cancel();
            }

            /** Whether an instance that honours keys executes it once. */
            boolean keyed() {
                return key && !path.equals(CoreFixture.CHAT);
            }

            void runs(boolean honoured) {
                if (honoured) {
                    executionsByKey++;
                } else {
                    executions++;
                }
            }

            void attempted(Instance instance) {
                attempts++;
                if (tried.contains(instance)) {
                    assertThat(core.service().candidates().best(tried))
                            .as("left untried when %s was tried again", instance)
                            .noneMatch(left -> !keyed()
                                    || !mayRunOnce
                                    || left.registration().idempotencyKeys());
                    tried.clear();
                    rounds++;
                }
                tried.add(instance);
                assertThat(caller.ended()).as("an attempt after the end").isFalse();
                assertThat(core.service().budget().left())
                        .as("what is left of the budget")
                        .isNotNegative();
                assertThat(rounds).as("rounds").isLessThanOrEqualTo(SETTINGS.attempts());
            }

            void assertEnded() {
                assertThat(caller.ended())
                        .as("the end of %s, which heard %s", path, caller.heard)
                        .isTrue();
                assertThat(endedAt)
                        .as("the end of %s, which heard %s", path, caller.heard)
                        .isLessThanOrEqualTo(deadline + 1_000_000);
                if (mayRunOnce) {
                    // by its key it runs once, on however many instances
                    assertThat(executions + Math.min(1, executionsByKey))
                            .as(
                                    "executions of %s in %d attempts, %d of them by its key",
                                    path, attempts, executionsByKey)
                            .isLessThanOrEqualTo(1);
                    assertTold();
                }
                assertThat(exchange.attempts()).isEqualTo(attempts);
                assertThat(attempts - unsent)
                        .as("attempts of %s that may have run", path)
                        .isLessThanOrEqualTo(SETTINGS.attempts());
                repeats += Math.max(0, attempts - unsent - 1);
            }

            /** A server's own response is given unchanged. */
            private void assertTold() {
                if (caller.failure != null && LOST.contains(caller.status)) {
                    if (executions + executionsByKey > 0) {
                        assertThat(caller.message)
                                .as("what the caller of %s is told, which ran", path)
                                .contains("may already have run");
                    }
                    if (caller.message.contains("can safely be sent again")) {
                        assertThat(executions)
                                .as("executions without a key of %s", path)
                                .isZero();
                    }
                }
            }
        }
    }
}
