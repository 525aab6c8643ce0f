package io.middleware.gateway.ingress.http.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.middleware.core.Call;
import io.middleware.core.Ticker;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** What work on a large body holds, however it ends. */
class JsonWorkersLeaseTest {
    private static final int LARGE = 1 << 20;

    private final BodyBudget bodies = new BodyBudget(LARGE);
    private final BodyBudget.Lease lease = bodies.lease();
    private final EventLoop loop = new DefaultEventLoop();
    private final Queue<Runnable> queue = new ArrayDeque<>();
    private final JsonWorkers large = new JsonWorkers(queue::add, JsonMemory.ofHeap(), Ticker.system());
    private final CallContext bounds = new CallContext(loop, Call.NO_DEADLINE, lease);

    @AfterEach
    void stop() {
        loop.shutdownGracefully();
    }

    @Test
    void workWhoseCallerHasGone_isNotDone_andHoldsUntilItsTurn() {
        AtomicBoolean done = new AtomicBoolean();
        lease.growTo(LARGE);
        Disposable call = large.run(bounds, () -> 1, () -> done.getAndSet(true)).subscribe();

        call.dispose();
        lease.close();
        assertThat(bodies.held()).isEqualTo(LARGE);
        queue.remove().run();

        await().untilAsserted(() -> assertThat(bodies.held()).isZero());
        assertThat(done).isFalse();
    }

    @Test
    void workThatFails_byAnErrorEven_isReportedAndGivesItsLeaseBack() {
        AtomicReference<Throwable> reported = new AtomicReference<>();
        lease.growTo(LARGE);
        large.run(bounds, () -> 1, () -> {
                    throw new StackOverflowError();
                })
                .doFinally(end -> lease.close())
                .subscribe(result -> {}, reported::set);

        queue.remove().run();

        await().untilAsserted(() -> assertThat(bodies.held()).isZero());
        assertThat(reported.get()).isInstanceOf(StackOverflowError.class);
    }
}
