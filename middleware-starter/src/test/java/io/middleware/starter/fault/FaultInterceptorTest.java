package io.middleware.starter.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real server with the interceptor, and a real caller. */
class FaultInterceptorTest {
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final AtomicInteger over = new AtomicInteger();
    private final Semaphore pausing = new Semaphore(100);
    private final FaultInterceptor interceptor = new FaultInterceptor(this::pause, new Random(1));
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        server = NettyServerBuilder.forPort(0)
                .intercept(interceptor)
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        Context.current().addListener(context -> over.incrementAndGet(), Runnable::run);
                        return next.startCall(call, headers);
                    }
                })
                .addService(new HealthStatusManager().getHealthService())
                .addService(new HelloServiceGrpc.HelloServiceImplBase() {
                    @Override
                    public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
                        replies.onNext(
                                HelloReply.newBuilder().setMessage("World").build());
                        replies.onCompleted();
                    }
                })
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void none_answers() {
        assertThat(call()).isEqualTo(Status.Code.OK);
    }

    @Test
    void unavailable_andInternal_saySoAndThatItIsOnPurpose() {
        interceptor.put(new Fault.Unavailable());
        assertThatThrownBy(this::greet).hasMessage("UNAVAILABLE: on purpose: fault unavailable");
        interceptor.put(new Fault.Internal());
        assertThatThrownBy(this::greet).hasMessage("INTERNAL: on purpose: fault internal");
    }

    @Test
    void hang_neverAnswers_untilItIsOver() {
        interceptor.put(new Fault.Hang());
        assertThat(call()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        interceptor.put(new Fault.None());
        assertThat(call()).isEqualTo(Status.Code.OK);
    }

    @Test
    void slow_answersLater() {
        interceptor.put(new Fault.Slow(Duration.ofSeconds(2)));
        assertThat(call()).isEqualTo(Status.Code.OK);
        assertThat(pauses).containsExactly(Duration.ofSeconds(2));
    }

    @Test
    void flaky_refusesItsShare() {
        interceptor.put(new Fault.Flaky(30));
        long refused = 0;
        for (int i = 0; i < 200; i++) {
            refused += call() == Status.Code.UNAVAILABLE ? 1 : 0;
        }
        assertThat(refused).isBetween(40L, 80L);
    }

    @Test
    void busy_worksOnSoManyAtATime_theOthersWait_andThoseWhoAreGoneCostNothing() throws Exception {
        pausing.drainPermits();
        interceptor.put(new Fault.Busy(2, Duration.ofMillis(50)));

        List<ListenableFuture<HelloReply>> calls =
                Stream.generate(this::later).limit(4).toList();
        await().until(() -> pauses.size() == 2);
        await().during(Duration.ofMillis(100)).until(() -> calls.stream().noneMatch(Future::isDone));
        ListenableFuture<HelloReply> gone = later();
        gone.cancel(true);
        await().until(() -> over.get() == 1);
        pausing.release(4);
        for (ListenableFuture<HelloReply> call : calls) {
            assertThat(call.get(5, TimeUnit.SECONDS).getMessage()).isEqualTo("World");
        }
        assertThat(pauses).hasSize(4).containsOnly(Duration.ofMillis(50));
    }

    @Test
    void busy_whenItIsOver_letsAllGoOn() throws Exception {
        pausing.drainPermits();
        interceptor.put(new Fault.Busy(1, Duration.ofMillis(50)));
        List<ListenableFuture<HelloReply>> calls =
                Stream.generate(this::later).limit(3).toList();
        await().until(() -> pauses.size() == 1);

        interceptor.put(new Fault.None());
        assertThat(call()).isEqualTo(Status.Code.OK);
        pausing.release(3);
        for (ListenableFuture<HelloReply> call : calls) {
            assertThat(call.get(5, TimeUnit.SECONDS).getMessage()).isEqualTo("World");
        }
    }

    @Test
    void health_isToldTheTruth() {
        interceptor.put(new Fault.Unavailable());
        assertThat(HealthGrpc.newBlockingStub(channel)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }

    private void pause(Duration duration) throws InterruptedException {
        pauses.add(duration);
        pausing.acquire();
    }

    private ListenableFuture<HelloReply> later() {
        return HelloServiceGrpc.newFutureStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .sayHello(HelloRequest.getDefaultInstance());
    }

    private String greet() {
        return HelloServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(500, TimeUnit.MILLISECONDS)
                .sayHello(HelloRequest.getDefaultInstance())
                .getMessage();
    }

    private Status.Code call() {
        try {
            greet();
            return Status.Code.OK;
        } catch (StatusRuntimeException failed) {
            return failed.getStatus().getCode();
        }
    }
}
