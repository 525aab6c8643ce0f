package io.middleware.core.call;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.OngoingCall;
import io.middleware.core.Outcome;
import io.middleware.core.Priority;
import io.middleware.core.Settings;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.fixture.ManualTime;
import io.middleware.core.fixture.RecordingCaller;
import io.middleware.core.fixture.TestHeaders;
import io.middleware.core.fixture.TestStream;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Registration;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Servers that work on a few calls at a time while the others wait in a queue, and callers who come whether they do or not. */
final class BusyServers {
    static final int ALL_AT_ONCE = Integer.MAX_VALUE;
    private static final long T0 = new ManualTime().nanos();

    final CoreFixture core;
    /** As many gateways, which know nothing of each other; a call comes to one of them at random. */
    private final List<CoreFixture> cores = new ArrayList<>();

    final List<Result> results = new ArrayList<>();
    final Random random = new Random(1);
    Duration deadline = Duration.ofSeconds(1);
    /** Says the priority of each call that comes. */
    Supplier<Priority> priority = () -> Priority.NORMAL;

    private final Map<String, Server> servers = new HashMap<>();

    /** Of a call; times are in seconds. */
    record Result(double startedAt, double seconds, double limit, Priority priority, RecordingCaller caller) {
        @Override
        public String toString() {
            return "%.3f s: %s after %.3f s".formatted(startedAt, caller.status, seconds);
        }

        boolean served() {
            return caller.status == Code.OK && seconds <= limit;
        }

        boolean refused() {
            return caller.status == Code.RESOURCE_EXHAUSTED;
        }
    }

    /** Works on {@code places} calls at a time, first come, first served; one takes {@code work} of its time. */
    final class Server {
        private final Queue<TestStream> waiting = new ArrayDeque<>();
        private final List<TestStream> inWork = new ArrayList<>();
        private int places;
        private Supplier<Duration> work;
        private boolean frozen;

        private Server(int places, Supplier<Duration> work) {
            this.places = places;
            this.work = work;
        }

        /** From the next call on. */
        void works(Supplier<Duration> newer) {
            work = newer;
        }

        /** From the next call on; what it works on goes on as it began. */
        void become(int places, Duration work) {
            this.places = places;
            this.work = () -> work;
            next();
        }

        void freeze() {
            frozen = true;
        }

        void thaw() {
            frozen = false;
            List.copyOf(inWork).stream().filter(stream -> stream.cancelled).forEach(this::done);
            List.copyOf(inWork)
                    .forEach(stream ->
                            core.time.schedule(() -> done(stream), work.get().toNanos()));
            next();
        }

        /** Breaks what it has, and is there again at once. */
        void restart() {
            List<TestStream> all = Stream.concat(inWork.stream(), waiting.stream())
                    .filter(stream -> !stream.cancelled)
                    .toList();
            inWork.clear();
            waiting.clear();
            all.forEach(stream -> stream.fail(Outcome.broken(Code.UNAVAILABLE, "connection reset")));
        }

        private void take(TestStream stream) {
            stream.whenRequestIsWhole(() -> {
                waiting.add(stream);
                next();
            });
        }

        private void next() {
            while (!frozen && inWork.size() < places && !waiting.isEmpty()) {
                TestStream stream = waiting.poll();
                if (!stream.cancelled) {
                    inWork.add(stream);
                    core.time.schedule(() -> done(stream), work.get().toNanos());
                }
            }
        }

        private void done(TestStream stream) {
            if (!frozen && inWork.remove(stream)) {
                if (!stream.cancelled) {
                    stream.answer("World");
                }
                next();
            }
        }
    }

    /** Three primaries, of which the less busy of two drawn at random is taken; or others, of which the first is. */
    BusyServers(Settings settings, String... ids) {
        this(settings, 1, ids);
    }

    BusyServers(Settings settings, int gateways, String... ids) {
        ManualTime time = new ManualTime();
        for (int i = 0; i < gateways; i++) {
            CoreFixture each = new CoreFixture(settings, ids.length > 0 ? List::getFirst : this::lessBusy, time);
            each.register(Stream.of(ids.length > 0 ? ids : new String[] {"p1", "p2", "p3"})
                    .map(CoreFixture::passing)
                    .toArray(Registration[]::new));
            each.directory.markLoaded();
            each.describe();
            cores.add(each);
        }
        core = cores.getFirst();
    }

    private Instance lessBusy(List<Instance> candidates) {
        Instance a = candidates.get(random.nextInt(candidates.size()));
        Instance b = candidates.get(random.nextInt(candidates.size()));
        return a.inFlight() <= b.inFlight() ? a : b;
    }

    void start(int places, Duration work) {
        start(places, () -> work);
    }

    void start(int places, Supplier<Duration> work) {
        for (String id : List.of("p1", "p2", "p3", "s1")) {
            servers.put(id, new Server(places, work));
            cores.forEach(each -> each.transport.always(
                    id, stream -> servers.get(stream.instance.id()).take(stream)));
        }
    }

    Server server(String id) {
        return servers.get(id);
    }

    Stream<Server> all() {
        return servers.values().stream();
    }

    void load(double perSecond, double seconds, String path) {
        for (int i = 0; i < perSecond * seconds; i++) {
            core.time.advance(Duration.ofNanos((long) (1e9 / perSecond)));
            come(path);
        }
    }

    void come(String path) {
        RecordingCaller caller = new RecordingCaller();
        long start = core.time.nanos();
        double limit = deadline.toNanos() / 1e9;
        Priority rank = priority.get();
        caller.onEnd = () ->
                results.add(new Result((start - T0) / 1e9, (core.time.nanos() - start) / 1e9, limit, rank, caller));
        CoreFixture via = cores.get(random.nextInt(cores.size()));
        OngoingCall exchange = via.failover.start(
                new Call(path, TestHeaders.NONE, start + deadline.toNanos(), false, caller, core.time)
                        .withPriority(rank));
        exchange.send(via.chunks.of("Hello"), true);
    }

    CoreFixture.Asked ask(String path) {
        CoreFixture.Asked asked = core.ask(path);
        asked.send("Hello", true);
        return asked;
    }

    List<Result> between(double from, double to) {
        return results.stream()
                .filter(result -> result.startedAt >= from && result.startedAt < to)
                .toList();
    }

    /** Lets all calls end, and holds that nothing is left of them. */
    void finish() {
        core.time.advance(Duration.ofSeconds(20));
        cores.forEach(CoreFixture::assertNothingLeft);
    }
}
