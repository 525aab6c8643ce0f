package io.middleware.starter.idempotency.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.middleware.hello.v1.SignRequest;
import io.middleware.hello.v1.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Many calls with keys, from callers that repeat until they are told that it is done. */
final class Races {
    private static final int CALLERS = 6;

    private final KeyedServer one;
    private final KeyedServer two;
    /** Codes that callers got before OK. */
    final ConcurrentLinkedQueue<Status.Code> errors = new ConcurrentLinkedQueue<>();

    final AtomicInteger done = new AtomicInteger();

    Races(KeyedServer one, KeyedServer two) {
        this.one = one;
        this.two = two;
    }

    /** Sends each call to both servers at the same moment. Every eighth run fails. */
    void bothAtOnce(int calls) throws Exception {
        Random random = new Random(1);
        Book.Then sometimes = (request, replies) -> {
            boolean fails;
            synchronized (random) {
                fails = random.nextInt(8) == 0;
            }
            if (fails) {
                replies.onError(Status.UNAVAILABLE.asRuntimeException());
            } else {
                Book.respond(request, replies);
            }
        };
        one.book.then = sometimes;
        two.book.then = sometimes;
        try (ExecutorService second = Executors.newVirtualThreadPerTaskExecutor()) {
            inParallel(calls, call -> {
                CountDownLatch start = new CountDownLatch(1);
                Future<Signature> other = second.submit(() -> {
                    start.await();
                    return untilDone(call, two);
                });
                start.countDown();
                Signature first = untilDone(call, one);
                assertThat(get(other)).isEqualTo(first);
            });
        }
        verify(calls);
    }

    /** Sends calls to either server in turn. */
    void alternately(int calls) throws Exception {
        inParallel(calls, call -> untilDone(call, call % 2 == 0 ? one : two));
        verify(calls);
    }

    private void inParallel(int calls, IntConsumer caller) throws Exception {
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                all.add(() -> {
                    for (int call = next.getAndIncrement(); call < calls; call = next.getAndIncrement()) {
                        caller.accept(call);
                        done.incrementAndGet();
                    }
                    return null;
                });
            }
            for (Future<Void> each : callers.invokeAll(all)) {
                each.get();
            }
        }
    }

    private Signature untilDone(int call, KeyedServer at) {
        KeyedServer server = at;
        for (int i = 0; i < 10_000; i++) {
            try {
                return server.withKey("k" + call)
                        .sign(SignRequest.newBuilder().setName("n" + call).build());
            } catch (StatusRuntimeException failed) {
                errors.add(failed.getStatus().getCode());
                server = server == one ? two : one;
            }
        }
        throw new AssertionError("call " + call + " was never done");
    }

    private void verify(int calls) {
        List<String> names = one.book.names();
        assertThat(names).as("each call, once").hasSize(calls).doesNotHaveDuplicates();
        assertThat(one.keys()).isEqualTo(calls);
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
