package io.middleware.gateway.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Call;
import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Outcome;
import io.middleware.core.Timers;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import io.middleware.core.instance.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** When an instance is read again; the clock is turned by hand, and no instance responds. */
class InstanceSchemaTest {
    private final Clock clock = new Clock();
    private final Wire wire = new Wire();
    private final List<ReflectionResult> heard = new ArrayList<>();
    private final Instance instance = new Instance(
            null, new Registration("one", "127.0.0.1", 1, Pool.PRIMARY, 1, List.of("a.B"), false, true, 1, 1));
    private final InstanceSchema schema = new InstanceSchema(
            instance, new ReflectionClient(wire, clock), clock, changed -> heard.add(changed.latest()));

    @Test
    void unreachableInstance_isRetriedWithABackOffThatDoublesUpToHalfASecond() {
        schema.refresh();
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            wire.last().onFailure(Outcome.unreachable("connection refused"));
            long before = clock.now;
            clock.turnToNext();
            waits.add(Duration.ofNanos(clock.now - before).toMillis());
        }

        assertThat(waits).containsExactly(100L, 200L, 400L, 500L, 500L, 500L, 500L, 500L, 500L);
        assertThat(heard).hasSize(9).containsOnly(new ReflectionResult.Failed("connection refused"));
    }

    @Test
    void silentInstance_isGivenUpAfterATimeThatDoublesUpToAMinute() {
        schema.refresh();
        List<String> reasons = new ArrayList<>();
        while (heard.size() < 6) {
            int before = heard.size();
            clock.turnToNext();
            if (heard.size() > before) {
                reasons.add(((ReflectionResult.Failed) heard.getLast())
                        .reason()
                        .replace("no response to reflection within ", ""));
            }
        }

        assertThat(reasons).containsExactly("5000 ms", "10000 ms", "20000 ms", "40000 ms", "60000 ms", "60000 ms");
        assertThat(wire.cancelled).isEqualTo(wire.listeners.size());
        assertThat(schema.timeout()).isEqualTo(Duration.ofMinutes(1));
        clock.turnToNext();
        assertThat(wire.listeners).hasSize(wire.cancelled + 1);
    }

    @Test
    void silentInstance_isRetriedOnceWithAnEnd() {
        schema.refresh();
        clock.turnToNext();

        assertThat(clock.now).isEqualTo(Duration.ofSeconds(2).toNanos());
        assertThat(wire.cancelled).isEqualTo(1);
        assertThat(wire.listeners).hasSize(2);
        assertThat(wire.ends).isEqualTo(1);
        assertThat(heard).isEmpty();
    }

    @Test
    void streamThatBreaks_isTriedByTheOlderReflectionToo_andTheFirstReasonCounts() {
        schema.refresh();
        wire.last().onFailure(Outcome.broken(Code.INTERNAL, "reset: INTERNAL_ERROR"));
        assertThat(heard).isEmpty();
        assertThat(wire.paths)
                .containsExactly(
                        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
                        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo");
        wire.last().onFailure(Outcome.broken(Code.CANCELLED, "reset: CANCEL"));

        assertThat(heard).containsExactly(new ReflectionResult.Failed("reset: INTERNAL_ERROR"));
    }

    @Test
    void newsOfTheInstance_askAtOnceAndStartTheWaitsAgain() {
        schema.refresh();
        wire.last().onFailure(Outcome.unreachable("connection refused"));
        schema.refresh();

        assertThat(wire.listeners).hasSize(2);
        wire.last().onFailure(Outcome.unreachable("connection refused"));
        clock.turnToNext();
        assertThat(clock.now).isEqualTo(InstanceSchema.MIN_BACK_OFF.toNanos());
        assertThat(clock.waiting)
                .as("its silence and its timeout, and nothing of before")
                .hasSize(2);
    }

    @Test
    void instanceWhoseConnectionsEnd_isRetriedAtOnce_butNotWithoutAnEnd() {
        schema.refresh();
        for (int i = 0; i < 100; i++) {
            schema.onConnectionEnd();
        }
        assertThat(wire.listeners).hasSize(11);

        clock.turnToNext();
        clock.turnToNext();
        assertThat(wire.listeners).hasSize(12);
        assertThat(clock.now).isEqualTo(InstanceSchema.MAX_BACK_OFF.toNanos());
        schema.onConnectionEnd();
        assertThat(wire.listeners).hasSize(13);
    }

    @Test
    void instanceThatIsUnreachableAtOnce_isReportedOnceAndSentNothing() {
        wire.failure = Outcome.unreachable("connection refused");
        schema.refresh();

        assertThat(heard).containsExactly(new ReflectionResult.Failed("connection refused"));
        assertThat(wire.sent).isZero();
        assertThat(clock.waiting).hasSize(1);
    }

    @Test
    void whoAwaitsADescription_isToldOfTheNextResultOnce_orOfTheEnd() {
        List<String> told = new ArrayList<>();
        schema.refresh(() -> told.add("first"));
        schema.refresh(() -> told.add("second"));
        assertThat(wire.cancelled).as("one query for both").isEqualTo(1);
        assertThat(told).isEmpty();
        wire.last().onFailure(Outcome.unreachable("connection refused"));
        assertThat(told).containsExactly("first", "second");
        clock.turnToNext();
        wire.last().onFailure(Outcome.unreachable("connection refused"));
        schema.refresh(() -> told.add("third"));
        schema.end();
        schema.refresh(() -> told.add("fourth"));
        assertThat(told).containsExactly("first", "second", "third", "fourth");
    }

    @Test
    void instanceThatIsGone_isNotRetried() {
        schema.refresh();
        wire.last().onFailure(Outcome.unreachable("connection refused"));
        schema.end();

        assertThat(clock.waiting).isEmpty();
    }

    @Test
    void instanceThatIsGoneWhileItIsRead_isNotRetried() {
        schema.refresh();
        schema.end();

        assertThat(wire.cancelled).isEqualTo(1);
        assertThat(clock.waiting).isEmpty();
        assertThat(heard).isEmpty();
    }

    private static final class Clock implements Timers {
        private final List<Task> waiting = new ArrayList<>();
        private long now;

        private record Task(long at, Runnable run) {}

        @Override
        public Timer schedule(Runnable run, long delayNanos) {
            Task task = new Task(now + delayNanos, run);
            waiting.add(task);
            return () -> waiting.remove(task);
        }

        void turnToNext() {
            Task next = waiting.stream().min(Comparator.comparingLong(Task::at)).orElseThrow();
            waiting.remove(next);
            now = next.at();
            next.run().run();
        }
    }

    private static final class Wire implements Transport {
        private final List<Listener> listeners = new ArrayList<>();
        private Outcome failure;
        private int cancelled;
        private final List<String> paths = new ArrayList<>();
        private int sent;
        private int ends;

        Listener last() {
            return listeners.getLast();
        }

        @Override
        public Stream open(
                Call call, Instance instance, long leftNanos, int before, String traceparent, Listener listener) {
            listeners.add(listener);
            paths.add(call.path());
            if (failure != null) {
                listener.onFailure(failure);
            }
            return new Stream() {
                @Override
                public void send(Chunk chunk, boolean last) {
                    sent++;
                    ends += last ? 1 : 0;
                    chunk.release();
                }

                @Override
                public void halfClose() {
                    throw new AssertionError("there was no response");
                }

                @Override
                public boolean writable() {
                    return true;
                }

                @Override
                public void wantMore(boolean more) {
                    throw new AssertionError("all is wanted");
                }

                @Override
                public boolean unsent() {
                    return false;
                }

                @Override
                public void cancel() {
                    cancelled++;
                }
            };
        }

        @Override
        public void retire(Instance instance) {
            throw new AssertionError("nobody gives up its connections");
        }

        @Override
        public void probe(Instance instance, long timeoutNanos, Consumer<Outcome> result) {
            throw new AssertionError("probes are the outliers's");
        }
    }
}
