import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.hello.v1.HelloServiceGrpc.HelloServiceFutureStub;

/**
 * Makes a number of calls, {@value #TOGETHER} at once, each as soon as an earlier one has ended: {@code grpc|json PORT
 * CALLS}. What they cost does not depend on how much of the machine others use. Fails if one of them does.
 */
final class Calls {

    private static final int TOGETHER = 10;

    private final AtomicInteger unsent;
    private final CountDownLatch ended;
    private final AtomicInteger failed = new AtomicInteger();

    private Calls(int count) {
        this.unsent = new AtomicInteger(count);
        this.ended = new CountDownLatch(count);
    }

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[1]);
        Calls calls = new Calls(Integer.parseInt(args[2]));
        if (args[0].equals("grpc")) {
            calls.byGrpc(port);
        } else {
            calls.byHttp(port);
        }
        if (calls.failed.get() > 0) {
            throw new IllegalStateException(calls.failed + " calls failed");
        }
    }

    private void byGrpc(int port) throws InterruptedException {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        HelloServiceFutureStub stub = HelloServiceGrpc.newFutureStub(channel);
        for (int i = 0; i < TOGETHER; i++) {
            next(stub);
        }
        ended.await();
        channel.shutdownNow();
    }

    private void next(HelloServiceFutureStub stub) {
        if (unsent.getAndDecrement() > 0) {
            Futures.addCallback(stub.sayHello(HelloRequest.newBuilder().setMessage("Hello").build()), new FutureCallback<>() {
                @Override
                public void onSuccess(HelloReply reply) {
                    end(true);
                    next(stub);
                }

                @Override
                public void onFailure(Throwable failure) {
                    end(false);
                    next(stub);
                }
            }, MoreExecutors.directExecutor());
        }
    }

    private void byHttp(int port) throws InterruptedException {
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/hello")).build();
        for (int i = 0; i < TOGETHER; i++) {
            next(client, request);
        }
        ended.await();
        client.shutdownNow();
    }

    private void next(HttpClient client, HttpRequest request) {
        if (unsent.getAndDecrement() > 0) {
            client.sendAsync(request, BodyHandlers.ofString()).whenCompleteAsync((response, failure) -> {
                end(failure == null && response.statusCode() == 200);
                next(client, request);
            });
        }
    }

    private void end(boolean succeeded) {
        if (!succeeded) {
            failed.incrementAndGet();
        }
        ended.countDown();
    }
}
