package io.middleware.core.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.Outcome;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.Timers;
import io.middleware.core.balancing.Choice;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.Route;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Transport;
import io.middleware.core.outlier.OutlierDetector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The registry's watch, event loops that eject, and probes that readmitted, all at the same time. */
class ConcurrencyTest {
    private static final List<String> IDS = List.of("p1", "p2", "p3", "s1");
    private static final int ROUNDS = 3_000;

    @Test
    void watchEjectionsAndProbes_neitherBlockEachOtherNorLoseAChange() throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (ScheduledExecutorService executor = Executors.newScheduledThreadPool(1)) {
            Directory directory =
                    new Directory(service -> List::getFirst, Instance::new, Settings.defaults(), Ticker.system());
            Timers timers = (task, delay) -> {
                var future = executor.schedule(task, delay, TimeUnit.NANOSECONDS);
                return () -> future.cancel(false);
            };
            OutlierDetector outliers = new OutlierDetector(
                    new ProbesThatAnswerAtOnce(),
                    timers,
                    Ticker.system(),
                    CoreFixture.probing(Duration.ofMillis(10), Duration.ofMillis(10)));
            directory.listen(outliers::onInstanceChange);
            directory.update(
                    CoreFixture.SERVICE, IDS.stream().map(CoreFixture::passing).toList());
            Route route = directory.route(CoreFixture.GRPC_SERVICE);

            List<Thread> threads = new ArrayList<>();
            threads.add(repeat(
                    failure,
                    random -> directory.update(
                            CoreFixture.SERVICE,
                            IDS.stream()
                                    .filter(id -> random.nextInt(4) > 0)
                                    .map(id ->
                                            random.nextInt(4) > 0 ? CoreFixture.passing(id) : CoreFixture.failing(id))
                                    .toList())));
            threads.add(repeat(failure, random -> directory.expire()));
            for (int i = 0; i < 2; i++) {
                threads.add(repeat(failure, random -> {
                    Instance chosen = route.choose(route.candidates(), List.of(), true, new Choice());
                    if (chosen != null) {
                        chosen.begin(true);
                        Outcome outcome =
                                random.nextBoolean() ? Outcome.unreachable("refused") : Outcome.answered(Code.OK);
                        outliers.attempted(chosen, outcome);
                        chosen.end(true);
                    }
                }));
            }
            for (Thread thread : threads) {
                assertThat(thread.join(Duration.ofSeconds(30)))
                        .as("the end of a thread that is at %s", List.of(thread.getStackTrace()))
                        .isTrue();
            }
            assertThat(failure.get()).isNull();
            directory.update(
                    CoreFixture.SERVICE, IDS.stream().map(CoreFixture::passing).toList());
            await().untilAsserted(() -> assertThat(route.candidates().best(List.of()))
                    .as("every primary is back")
                    .extracting(Instance::id)
                    .containsExactlyInAnyOrder("p1", "p2", "p3"));
            assertThat(route.candidates().all()).allMatch(instance -> instance.inFlight() == 0);
        }
    }

    private static Thread repeat(AtomicReference<Throwable> failure, Consumer<Random> action) {
        return Thread.ofPlatform().daemon().start(() -> {
            Random random = new Random();
            try {
                for (int i = 0; i < ROUNDS; i++) {
                    action.accept(random);
                }
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            }
        });
    }

    private static final class ProbesThatAnswerAtOnce implements Transport {
        @Override
        public Stream open(
                Call call, Instance instance, long leftNanos, int before, String traceparent, Listener listener) {
            throw new AssertionError("no call here");
        }

        @Override
        public void probe(Instance instance, long timeoutNanos, Consumer<Outcome> result) {
            result.accept(null);
        }

        @Override
        public void retire(Instance instance) {
            // it has no connections
        }
    }
}
