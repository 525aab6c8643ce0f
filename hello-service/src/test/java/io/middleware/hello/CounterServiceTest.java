package io.middleware.hello;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.AddRequest;
import io.middleware.hello.v1.Count;
import io.middleware.hello.v1.GetRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CounterServiceTest {
    private final CounterService service =
            new CounterService(new Work(new HelloProperties(Duration.ZERO, 0, Path.of("unused"))));

    @Test
    void counters_beginAtZero_andAreSeparate() {
        assertThat(get("ada")).isZero();
        assertThat(add("ada", 0)).as("zero counts as one").isEqualTo(1);
        assertThat(add("ada", 5)).isEqualTo(6);
        assertThat(add("bob", -2)).isEqualTo(-2);
        assertThat(get("ada")).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\tb"})
    void wrongName_isRefused(String name) {
        assertThat(status(() -> add(name, 1))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(status(() -> get(name))).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(status(() -> get("n".repeat(101)))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void memory_isBounded() {
        for (int i = 0; i < CounterService.MAX_COUNTERS; i++) {
            add("c" + i, 1);
        }
        assertThat(status(() -> add("one more", 1))).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(add("c7", 1)).isEqualTo(2);
    }

    private long add(String name, long amount) {
        return reply(replies -> service.add(
                AddRequest.newBuilder().setName(name).setAmount(amount).build(), replies));
    }

    private long get(String name) {
        return reply(
                replies -> service.get(GetRequest.newBuilder().setName(name).build(), replies));
    }

    private static long reply(Consumer<StreamObserver<Count>> call) {
        CompletableFuture<Count> reply = new CompletableFuture<>();
        call.accept(new StreamObserver<>() {
            private Count count;

            @Override
            public void onNext(Count value) {
                count = value;
            }

            @Override
            public void onError(Throwable failure) {
                reply.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {
                reply.complete(count);
            }
        });
        return reply.join().getValue();
    }

    private static Status.Code status(Runnable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::run)
                .getStatus()
                .getCode();
    }
}
