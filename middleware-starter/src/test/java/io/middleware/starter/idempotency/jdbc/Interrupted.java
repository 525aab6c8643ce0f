package io.middleware.starter.idempotency.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.middleware.hello.v1.Signature;
import io.middleware.starter.idempotency.CallKey;
import io.middleware.starter.idempotency.Effect;
import io.middleware.starter.idempotency.EffectLedger.Result;
import io.middleware.starter.idempotency.StoredResponse;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Calls with keys whose threads are interrupted, as by a server that ends: of each, all or nothing is left. */
final class Interrupted {
    private static final Duration WAIT = Duration.ofSeconds(3);
    private static final Duration SOON = Duration.ofSeconds(10);
    /** A thread that asks again and again without a pause has used all of {@link #WAIT}. */
    private static final Duration MOST_CPU = Duration.ofSeconds(1);

    private static final CallKey KEY = new CallKey(new byte[32], "", "a.B/C", "k", new byte[32]);
    private static final StoredResponse RESPONSE =
            new StoredResponse(Status.OK, new byte[0], new Metadata(), new Metadata());

    private final KeyedServer one;
    private final KeyedServer two;
    private final Supplier<KeyedServer> another;
    private final CountDownLatch goOn = new CountDownLatch(1);

    /** {@code one} has a call that runs while {@code two} has one that waits; {@code another} sees what is left. */
    Interrupted(KeyedServer one, KeyedServer two, Supplier<KeyedServer> another) {
        this.one = one;
        this.two = two;
        this.another = another;
    }

    /** The call waits in the database, or between two looks, for that of the other server. */
    void waitingForAnotherServer() throws Exception {
        CompletableFuture<Object> first = run();
        CompletableFuture<Object> second = EffectsOnce.later(() -> ended(two));
        await().until(() -> two.connectionsInUse() == 1);

        two.interruptCalls();

        assertThat(second.get(SOON.toSeconds(), TimeUnit.SECONDS)).satisfies(Interrupted::isClear);
        verifyThatFirstGoesOn(first);
    }

    /** The same on a thread of the platform, which a driver does not let go before its statement has ended. */
    void waitingForAnotherServer_onAThreadOfThePlatform() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<Result> first = EffectsOnce.later(() -> one.ledger.runOnce(KEY, WAIT, false, () -> {
            running.countDown();
            EffectsOnce.work(goOn, one);
            return new Effect.Ended(Effect.Keep.ALL, RESPONSE);
        }));
        assertThat(running.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        AtomicReference<Result> result = new AtomicReference<>();
        AtomicLong cpu = new AtomicLong();
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        Thread waits = Thread.ofPlatform().start(() -> {
            result.set(two.ledger.runOnce(KEY, WAIT, false, () -> {
                throw new AssertionError("it ran");
            }));
            cpu.set(ManagementFactory.getThreadMXBean()
                    .getThreadCpuTime(Thread.currentThread().threadId()));
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        await().until(() -> two.connectionsInUse() == 1);

        waits.interrupt();

        waits.join(WAIT.plus(SOON));
        assertThat(result.get()).isInstanceOfSatisfying(Result.Refused.class, refused -> isClear(refused.status()));
        assertThat(stillInterrupted.get()).as("the thread's owner learns of it").isTrue();
        assertThat(Duration.ofNanos(cpu.get())).isLessThan(MOST_CPU);
        verifyNothingIsHeld(two);
        goOn.countDown();
        assertThat(first.get(SOON.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(Result.Executed.class);
        assertThat(two.ledger.runOnce(KEY, WAIT, false, () -> {
                    throw new AssertionError("it ran again");
                }))
                .isInstanceOf(Result.Replayed.class);
    }

    /** A call and those that wait for it without a connection. */
    void allOfOneServer() throws Exception {
        List<CompletableFuture<Object>> all = new ArrayList<>(List.of(run()));
        for (int i = 0; i < 3; i++) {
            all.add(EffectsOnce.later(() -> ended(one)));
        }
        await().until(() -> one.seen.get() == all.size());

        one.interruptCalls();

        for (CompletableFuture<Object> each : all) {
            Object end = each.get(SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(end).satisfies(Interrupted::isResponseOrClear);
        }
        verifyNothingIsHeld(one);
        verifyOnce();
    }

    /** Starts a call that runs until it may go on. */
    private CompletableFuture<Object> run() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        Book.Then untilThen = EffectsOnce.untilThen("Ada", goOn, one);
        one.book.then = (request, replies) -> {
            running.countDown();
            untilThen.run(request, replies);
        };
        CompletableFuture<Object> first = EffectsOnce.later(() -> ended(one));
        assertThat(running.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return first;
    }

    private void verifyThatFirstGoesOn(CompletableFuture<Object> first) throws Exception {
        verifyNothingIsHeld(two);
        goOn.countDown();
        assertThat(first.get(SOON.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(Signature.class);
        verifyOnce();
    }

    private static void verifyNothingIsHeld(KeyedServer server) {
        await().atMost(SOON).until(() -> server.connectionsInUse() == 0);
    }

    /** Whatever became of the first, a repeat at another server leaves it done once. */
    private void verifyOnce() {
        try (KeyedServer other = another.get()) {
            other.withKey("k").sign(EffectsOnce.ada());
            assertThat(other.book.names()).containsExactly("Ada");
            assertThat(other.keys()).isEqualTo(1);
        }
    }

    private static Object ended(KeyedServer server) {
        try {
            return server.withKey("k").sign(EffectsOnce.ada());
        } catch (StatusRuntimeException failed) {
            return failed.getStatus();
        }
    }

    private static void isResponseOrClear(Object end) {
        if (!(end instanceof Signature)) {
            isClear(end);
        }
    }

    private static void isClear(Object end) {
        assertThat(end).isInstanceOfSatisfying(Status.class, status -> {
            assertThat(status.getCode()).isIn(Status.Code.ABORTED, Status.Code.UNAVAILABLE);
            assertThat(status.getDescription()).isNotBlank();
        });
    }
}
