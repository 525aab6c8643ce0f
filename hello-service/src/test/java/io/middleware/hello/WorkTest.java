package io.middleware.hello;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class WorkTest {

    @Test
    void concurrency_isNeverExceeded_andWhoWaitsGetsATurn() throws InterruptedException {
        Work work = work(3);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch three = new CountDownLatch(3);
        AtomicInteger done = new AtomicInteger();

        List<Thread> callers = IntStream.range(0, 12)
                .mapToObj(i -> Thread.startVirtualThread(() -> work.during(() -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    three.countDown();
                    try {
                        three.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    now.decrementAndGet();
                    return done.incrementAndGet();
                })))
                .toList();
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(done).hasValue(12);
        assertThat(most).hasValue(3);
    }

    @Test
    void callWhoseCallerIsGone_isNotWorkedOn() {
        try (Context.CancellableContext call = Context.current().withCancellation()) {
            call.cancel(null);
            AtomicInteger worked = new AtomicInteger();
            assertThatThrownBy(() -> call.call(() -> work(1).during(worked::incrementAndGet)))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("no longer waits");
            assertThat(worked).hasValue(0);
        }
    }

    private static Work work(int concurrency) {
        return new Work(new HelloProperties(Duration.ofMillis(1), concurrency, Path.of("unused")));
    }
}
