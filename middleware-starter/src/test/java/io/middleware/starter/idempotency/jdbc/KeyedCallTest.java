package io.middleware.starter.idempotency.jdbc;

import static io.middleware.starter.idempotency.jdbc.EffectsOnce.ada;
import static io.middleware.starter.idempotency.jdbc.EffectsOnce.failed;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.middleware.hello.v1.GuestbookGrpc;
import io.middleware.hello.v1.SignRequest;
import io.middleware.hello.v1.Signature;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What gRPC allows callers and methods to do. */
class KeyedCallTest {
    private final KeyedServer server = new KeyedServer("jdbc:h2:mem:" + UUID.randomUUID(), "sa");

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void compressedCalls_areOfTheSameKind() {
        server.book.then = (request, replies) -> {
            ((ServerCallStreamObserver<Signature>) replies).setCompression("gzip");
            Book.respond(request, replies);
        };
        Signature first = server.withKey("k").withCompression("gzip").sign(ada());
        assertThat(server.withKey("k").sign(ada())).isEqualTo(first);
        assertThat(server.book.names()).containsExactly("Ada");
    }

    @Test
    void methodSeesTheContextOfItsInterceptors() {
        AtomicReference<String> seen = new AtomicReference<>();
        server.book.then = (request, replies) -> {
            seen.set(KeyedServer.TENANT.get());
            Book.respond(request, replies);
        };
        server.withKey("k").sign(ada());
        assertThat(seen).hasValue("interceptor");
    }

    @Test
    void callWithoutARequest_orWithTwo_isRefused_andRunsNothing() throws Exception {
        assertThat(send(0).getCode()).isNotEqualTo(Status.Code.OK);
        assertThat(send(2).getCode()).isNotEqualTo(Status.Code.OK);
        assertThat(server.book.names()).isEmpty();
        assertThat(send(1).getCode()).isEqualTo(Status.Code.OK);
    }

    private Status send(int messages) throws Exception {
        CompletableFuture<Status> ended = new CompletableFuture<>();
        ClientCall<SignRequest, Signature> call =
                server.channel().newCall(GuestbookGrpc.getSignMethod(), CallOptions.DEFAULT);
        Metadata headers = new Metadata();
        headers.put(KeyedServer.KEY, "k");
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        ended.complete(status);
                    }
                },
                headers);
        call.request(2);
        for (int i = 0; i < messages; i++) {
            call.sendMessage(ada());
        }
        call.halfClose();
        return ended.get(10, TimeUnit.SECONDS);
    }

    @Test
    void severalKeys_areRefused() {
        Metadata headers = new Metadata();
        headers.put(KeyedServer.KEY, "other");
        assertThat(failed(() -> server.withKey("k")
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                        .sign(ada())))
                .hasMessage("INVALID_ARGUMENT: idempotency-key: expected one, found 2");
    }

    @Test
    void methodThatRespondsTwice_orNotAtAll_isRolledBack() {
        server.book.then = (request, replies) -> {
            replies.onNext(Signature.getDefaultInstance());
            Book.respond(request, replies);
        };
        assertThat(failed(() -> server.withKey("k").sign(ada())).getStatus().getCode())
                .isNotEqualTo(Status.Code.OK);
        server.book.then = (request, replies) -> replies.onCompleted();
        assertThat(failed(() -> server.withKey("k").sign(ada()))).hasMessageContaining("expected one message");
        assertThat(server.book.names()).isEmpty();
    }

    @Test
    void responseThatComesTooLate_isDropped() throws Exception {
        CompletableFuture<StreamObserver<Signature>> late = new CompletableFuture<>();
        server.book.then = (request, replies) -> late.complete(replies);
        assertThat(failed(() -> server.withKey("k").sign(ada()))).hasMessageContaining("before it had responded");
        Book.respond(ada(), late.get(10, TimeUnit.SECONDS));
        assertThat(server.book.names()).isEmpty();
    }

    @Test
    void anyKey_isRefusedOrHonoured() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            StringBuilder key = new StringBuilder();
            int length = random.nextInt(1, 300);
            for (int j = 0; j < length; j++) {
                key.append((char) random.nextInt(0x20, 0x7f));
            }
            Status first = end(key.toString());
            Status again = end(key.toString());
            assertThat(first.getCode())
                    .as("seed %s, key '%s'", seed, key)
                    .isEqualTo(again.getCode())
                    .isIn(Status.Code.OK, Status.Code.INVALID_ARGUMENT);
        }
        assertThat(server.keys()).isEqualTo(server.book.names().size());
    }

    private Status end(String key) {
        try {
            ClientCalls.blockingUnaryCall(
                    server.withKey(key).getChannel(), GuestbookGrpc.getSignMethod(), CallOptions.DEFAULT, ada());
            return Status.OK;
        } catch (StatusRuntimeException failed) {
            return failed.getStatus();
        }
    }

    @Test
    void meters_countWhatBecameOfCalls() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        server.meters.bindTo(registry);
        server.withKey("k").sign(ada());
        server.withKey("k").sign(ada());
        failed(() -> server.withKey("k").sign(SignRequest.getDefaultInstance()));
        server.sweeper.sweep();

        assertThat(calls(registry, "executed")).isEqualTo(1);
        assertThat(calls(registry, "replayed")).isEqualTo(1);
        assertThat(calls(registry, "mismatched")).isEqualTo(1);
        assertThat(calls(registry, "busy")).isZero();
        assertThat(registry.get("middleware.idempotency.rows").gauge().value()).isEqualTo(1);
        assertThat(registry.get("middleware.idempotency.added").timer().count()).isEqualTo(1);
    }

    private static double calls(SimpleMeterRegistry registry, String outcome) {
        return registry.get("middleware.idempotency.calls")
                .tag("outcome", outcome)
                .functionCounter()
                .count();
    }
}
