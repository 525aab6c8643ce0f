import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.hello.v1.HelloServiceGrpc.HelloServiceFutureStub;

/**
 * The first calls of a gateway that has just started, by a caller that has not: {@code WARM-GRPC-PORT WARM-HTTP-PORT GRPC-PORT
 * HTTP-PORT RATE SECONDS}. Makes calls through another gateway for ten seconds, says "warm", waits for a line, and then makes calls
 * through the one that is measured, at equal distances, by gRPC and as JSON in turn. Prints p99 and the slowest of each in ms, from
 * when a call was due, and how many failed.
 */
final class FirstCalls {

    private static final int WARM_SECONDS = 10;

    private final HttpClient http = HttpClient.newHttpClient();
    private final int rate;

    private FirstCalls(int rate) {
        this.rate = rate;
    }

    public static void main(String[] args) throws Exception {
        int[] numbers = Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
        FirstCalls calls = new FirstCalls(numbers[4]);
        calls.make(numbers[0], numbers[1], WARM_SECONDS);
        System.out.println("warm");
        if (System.in.read() >= 0) {
            System.out.println(calls.make(numbers[2], numbers[3], numbers[5]));
        }
        System.exit(0);
    }

    private String make(int grpcPort, int httpPort, int seconds) throws InterruptedException, IOException {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", grpcPort).usePlaintext().build();
        HelloServiceFutureStub stub = HelloServiceGrpc.newFutureStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
        HttpRequest get = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/hello")).build();
        Series grpc = new Series(rate * seconds / 2);
        Series json = new Series(rate * seconds / 2);
        long begin = System.nanoTime();
        for (int i = 0; i < rate * seconds / 2 * 2; i++) {
            long due = begin + TimeUnit.SECONDS.toNanos(i) / rate;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            if (i % 2 == 0) {
                ListenableFuture<HelloReply> reply =
                        stub.sayHello(HelloRequest.newBuilder().setMessage("Hello").build());
                reply.addListener(() -> grpc.ended(due, reply.state() == java.util.concurrent.Future.State.SUCCESS),
                        MoreExecutors.directExecutor());
            } else {
                http.sendAsync(get, BodyHandlers.ofString())
                        .whenComplete((response, failure) -> json.ended(due, failure == null && response.statusCode() == 200));
            }
        }
        String figures = grpc.figures() + " | " + json.figures();
        channel.shutdownNow();
        return figures;
    }

    /** The latencies of one kind of calls. */
    private static final class Series {
        private final long[] nanos;
        private final CountDownLatch open;
        private int ended;
        private int failed;

        Series(int calls) {
            nanos = new long[calls];
            open = new CountDownLatch(calls);
        }

        void ended(long due, boolean well) {
            synchronized (this) {
                nanos[ended++] = System.nanoTime() - due;
                failed += well ? 0 : 1;
            }
            open.countDown();
        }

        String figures() throws InterruptedException {
            open.await();
            Arrays.sort(nanos);
            return String.format(Locale.ROOT, "%.1f ms, %.1f ms%s", nanos[(int) Math.ceil(nanos.length * 0.99) - 1] / 1e6,
                    nanos[nanos.length - 1] / 1e6, failed > 0 ? ", " + failed + " of " + nanos.length + " lost" : "");
        }
    }
}
