package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.testsupport.Repository;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * Calls by gRPC and by HTTP at a steady rate, from its creation on, whether those before were answered or not. Its
 * clients repeat nothing but what every client repeats by itself: a gRPC call that provably reached nobody, and a GET
 * whose kept connection had ended (RFC 9110, 9.2.2). Nginx, when it reads its configuration anew, has not looked at
 * calls that were on their way to it.
 */
final class BackgroundCalls implements AutoCloseable {

    /** Of each kind. */
    private static final int CALLS_PER_SECOND = 50;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int CONNECTIONS_TRIED = 5;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ManagedChannel channel;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();

    BackgroundCalls() {
        this(Map.of());
    }

    /** Its gRPC client has this service config. */
    private BackgroundCalls(Map<String, ?> config) {
        channel = NettyChannelBuilder.forAddress("127.0.0.1", Stack.GRPC_PORT)
                .usePlaintext()
                .defaultServiceConfig(config)
                .build();
        long period = TimeUnit.SECONDS.toNanos(1) / CALLS_PER_SECOND;
        clock.scheduleAtFixedRate(this::call, 0, period, TimeUnit.NANOSECONDS);
    }

    /**
     * Those of a caller with the retry policy that docs/operations/callers.md gives: it covers what only Nginx sees.
     * What no server could answer a gateway forbids to repeat, so that is lost here, too.
     */
    static BackgroundCalls asTheManualWantsThem() throws IOException {
        Matcher policy = Pattern.compile("(?s)```json\n(\\{\"methodConfig.*?)```")
                .matcher(Files.readString(Repository.root().resolve("docs/operations/callers.md")));
        assertThat(policy.find()).as("the manual gives a retry policy").isTrue();
        return new BackgroundCalls(new Gson().fromJson(policy.group(1), new TypeToken<Map<String, ?>>() {}.getType()));
    }

    private void call() {
        sent.addAndGet(2);
        callByGrpc();
        callByHttp();
    }

    private void callByGrpc() {
        HelloServiceGrpc.newStub(channel)
                .withDeadlineAfter(PATIENCE)
                .sayHello(HelloRequest.getDefaultInstance(), new StreamObserver<>() {
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
        HttpRequest request = HttpRequest.newBuilder(URI.create(Stack.HTTP + "/hello"))
                .timeout(PATIENCE)
                .build();
        send(request, CONNECTIONS_TRIED)
                .thenAccept(answer -> {
                    if (answer.statusCode() == 200) {
                        answered.incrementAndGet();
                    } else {
                        lost.add("HTTP: " + answer.statusCode() + " " + answer.body());
                    }
                })
                .exceptionally(error -> {
                    lost.add("HTTP: " + error.getMessage());
                    return null;
                });
    }

    /** The JDK's client itself tries two, and both may have been idle for long when Nginx closed them. */
    private CompletableFuture<HttpResponse<String>> send(HttpRequest request, int tries) {
        return http.sendAsync(request, BodyHandlers.ofString())
                .exceptionallyCompose(error -> tries > 1 && connectionHadEnded(error)
                        ? send(request, tries - 1)
                        : CompletableFuture.failedFuture(error));
    }

    private static boolean connectionHadEnded(Throwable error) {
        return String.valueOf(error.getMessage()).contains("received no bytes");
    }

    /** Ends the calls once there were some, and fails unless each of them was answered. */
    void endWithNothingLost() throws InterruptedException {
        // what went on meanwhile may have taken less than a second
        Awaitility.await("some calls were made").atMost(PATIENCE).until(() -> sent.get() > CALLS_PER_SECOND);
        clock.shutdown();
        assertThat(clock.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        Awaitility.await("every call has ended")
                .atMost(PATIENCE.multipliedBy(2))
                .until(() -> answered.get() + lost.size() == sent.get());
        assertThat(lost).as("lost of %d calls", sent.get()).isEmpty();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        channel.shutdownNow();
        http.shutdownNow();
    }
}
