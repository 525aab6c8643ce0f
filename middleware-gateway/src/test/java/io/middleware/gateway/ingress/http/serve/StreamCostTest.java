package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.numbers.NumbersServer;
import io.middleware.gateway.numbers.v1.CountRequest;
import io.middleware.gateway.numbers.v1.Number;
import io.middleware.gateway.numbers.v1.NumbersGrpc;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What streams over HTTP cost, compared with the same ones by gRPC through the same gateway. */
@Tag("slow")
class StreamCostTest {
    private static final int MESSAGES = 100_000;
    private static final int PAIRS = 9;
    private static final int STREAMS = 1000;

    private final HttpGateway gateway = new HttpGateway();
    private final NumbersServer server = new NumbersServer();
    private ManagedChannel channel;

    @BeforeEach
    void register() {
        gateway.register("a", server.port(), Pool.PRIMARY, NumbersServer.GRPC_SERVICE);
        await().untilAsserted(() ->
                assertThat(gateway.get("/v1/numbers?count=0").body()).isEqualTo("[]\n"));
        channel = NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
        gateway.close();
        server.close();
    }

    @Test
    void lines_takeAtMostThreeTimesTheProcessorTimeOfGrpc() throws IOException {
        List<Double> ratios = new ArrayList<>();
        for (int pair = 0; pair < PAIRS; pair++) {
            long grpc = grpc();
            long http = http();
            ratios.add((double) http / grpc);
        }
        // the first ones are slow: the code is compiled meanwhile
        List<Double> warm = ratios.subList(PAIRS / 2, PAIRS).stream().sorted().toList();
        assertThat(warm.get(warm.size() / 2)).as("%s", ratios).isLessThan(3);
    }

    /** With what the callers and the server hold for them in this process. */
    @Test
    void thousandOpenEventStreams_holdLittle() throws IOException {
        open(10).forEach(StreamCostTest::close);
        long before = memory();
        List<Socket> callers = open(STREAMS);
        long held = memory() - before;
        callers.forEach(StreamCostTest::close);

        assertThat(held).isLessThan(64 << 20);
    }

    private List<Socket> open(int streams) throws IOException {
        int started = server.started();
        List<Socket> callers = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            Socket caller = new Socket("127.0.0.1", gateway.port());
            caller.getOutputStream()
                    .write(
                            "GET /v1/numbers?count=9&stopAfter=1 HTTP/1.1\r\nHost: test\r\nAccept: text/event-stream\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            callers.add(caller);
        }
        await().until(() -> server.started() == started + streams);
        for (Socket caller : callers) {
            assertThat(caller.getInputStream().read()).isEqualTo('H');
        }
        return callers;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes of heap and of Netty's buffers. */
    private static long memory() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory()
                - Runtime.getRuntime().freeMemory()
                + PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    private long grpc() {
        long before = processorTime();
        Iterator<Number> numbers = NumbersGrpc.newBlockingStub(channel)
                .count(CountRequest.newBuilder().setCount(MESSAGES).setSize(20).build());
        long count = 0;
        while (numbers.hasNext()) {
            numbers.next();
            count++;
        }
        assertThat(count).isEqualTo(MESSAGES);
        return processorTime() - before;
    }

    private long http() throws IOException {
        long before = processorTime();
        try (Socket socket = new Socket("127.0.0.1", gateway.port())) {
            socket.getOutputStream()
                    .write(("GET /v1/numbers?count=" + MESSAGES + "&size=20 HTTP/1.1\r\nHost: test\r\n"
                                    + "Accept: application/x-ndjson\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            byte[] piece = new byte[64 << 10];
            long lines = 0;
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                for (int i = 0; i < read; i++) {
                    lines += piece[i] == '}' ? 1 : 0;
                }
            }
            assertThat(lines).isEqualTo(MESSAGES);
        }
        return processorTime() - before;
    }

    /** Of the gateway's event loops. */
    private static long processorTime() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("call-")) {
                nanos += threads.getThreadCpuTime(thread.getThreadId());
            }
        }
        return nanos;
    }
}
