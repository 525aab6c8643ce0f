package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import org.awaitility.Awaitility;

/**
 * Calls by gRPC and by HTTP at a steady rate, from its creation on, whether those before were answered or not. Its clients repeat
 * what docs/operations.md wants callers to: a gRPC call that Nginx could not bring to a gateway, and a GET whose kept connection had
 * ended (RFC 9110, 9.2.2). What a gateway could not have answered by any server it forbids to repeat, so that is lost here.
 */
final class BackgroundCalls implements AutoCloseable {

    /** Of each kind. */
    private static final int CALLS_PER_SECOND = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int CONNECTIONS_TRIED = 5;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ManagedChannel channel = Caller.channelAsTheManualWantsIt();
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();

    BackgroundCalls() {
        long period = TimeUnit.SECONDS.toNanos(1) / CALLS_PER_SECOND;
        clock.scheduleAtFixedRate(this::call, 0, period, TimeUnit.NANOSECONDS);
    }

    private void call() {
        sent.addAndGet(2);
        callByGrpc();
        callByHttp();
    }

    private void callByGrpc() {
        HelloServiceGrpc.newStub(channel).withDeadlineAfter(PATIENCE).sayHello(HelloRequest.getDefaultInstance(),
                new StreamObserver<>() {
                    @Override
                    public void onNext(HelloReply reply) {
                        answered.incrementAndGet();
                    }

                    @Override
                    public void onError(Throwable error) {
                        lost.add("gRPC: " + error.getMessage());
                    }

                    @Override
                    public void onCompleted() {
                        // the reply was counted
                    }
                });
    }

    private void callByHttp() {
        HttpRequest request = HttpRequest.newBuilder(URI.create(Stack.HTTP + "/hello")).timeout(PATIENCE).build();
        send(request, CONNECTIONS_TRIED)
                .thenAccept(answer -> {
                    if (answer.statusCode() == 200) {
                        answered.incrementAndGet();
                    } else {
                        lost.add("HTTP: " + answer.statusCode() + " " + answer.body());
                    }
                }).exceptionally(error -> {
                    lost.add("HTTP: " + error.getMessage());
                    return null;
                });
    }

    /** The JDK's client itself tries two, and both may have been idle for long when Nginx closed them. */
    private CompletableFuture<HttpResponse<String>> send(HttpRequest request, int tries) {
        return http.sendAsync(request, BodyHandlers.ofString()).exceptionallyCompose(error -> tries > 1 && connectionHadEnded(error)
                ? send(request, tries - 1)
                : CompletableFuture.failedFuture(error));
    }

    private static boolean connectionHadEnded(Throwable error) {
        return String.valueOf(error.getMessage()).contains("received no bytes");
    }

    /** Ends the calls, and fails unless each of them was answered. */
    void endWithNothingLost() throws InterruptedException {
        clock.shutdown();
        assertThat(clock.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        Awaitility.await("every call has ended").atMost(PATIENCE.multipliedBy(2))
                .until(() -> answered.get() + lost.size() == sent.get());
        assertThat(lost).as("lost of %d calls", sent.get()).isEmpty();
        assertThat(sent.get()).as("calls").isGreaterThan(CALLS_PER_SECOND);
    }

    @Override
    public void close() {
        clock.shutdownNow();
        channel.shutdownNow();
        http.shutdownNow();
    }
}
