package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.middleware.core.instance.Pool;
import io.middleware.gateway.numbers.NumbersServer;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

/** Streams over HTTP/2. */
class Http2StreamTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final HttpGateway gateway = new HttpGateway();
    private final NumbersServer server = new NumbersServer();

    @BeforeEach
    void register() {
        gateway.register("a", server.port(), Pool.PRIMARY, NumbersServer.GRPC_SERVICE);
        await().until(() -> gateway.get("/v1/numbers?count=0").statusCode() == 200);
    }

    @AfterEach
    void close() {
        gateway.close();
        server.close();
    }

    private HttpClient client() {
        return HttpClient.create()
                .protocol(HttpProtocol.H2C)
                .baseUrl("http://127.0.0.1:" + gateway.port())
                .headers(headers -> headers.set("Accept", "application/x-ndjson"));
    }

    private Flux<String> get(String path) {
        return client().get().uri(path).responseContent().asString();
    }

    @Test
    void allMessages_come() {
        assertThat(get("/v1/numbers?count=1000").collectList().block(SOON))
                .satisfies(pieces -> assertThat(String.join("", pieces).lines()).hasSize(1000));
    }

    @Test
    void firstMessage_comesBeforeTheSecond_andLeavingCancels() {
        assertThat(get("/v1/numbers?count=5&stopAfter=1").blockFirst(SOON)).isEqualTo("{\"value\":\"1\"}\n");
        await().atMost(Duration.ofSeconds(1)).until(() -> server.cancelled() == 1);
    }

    @Test
    void slowReader_stopsFastServer() {
        BaseSubscriber<String> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }
        };
        get("/v1/numbers?count=-1&size=1000").subscribe(slow);
        await().until(() -> server.sent() > 100);
        AtomicLong last = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(300)).until(() -> {
            long now = server.sent();
            return last.getAndSet(now) == now;
        });
        assertThat(server.sent()).isLessThan(5_000);

        long before = server.sent();
        slow.request(1000);
        await().until(() -> server.sent() > before);
        slow.cancel();
        await().atMost(Duration.ofSeconds(1)).until(() -> server.cancelled() == 1);
    }

    @Test
    void bothStreams_flowAtTheSameTime() {
        Sinks.Many<String> lines = Sinks.many().unicast().onBackpressureBuffer();
        List<String> response = new CopyOnWriteArrayList<>();
        Disposable call = client().headers(headers -> headers.set("Content-Type", "application/x-ndjson"))
                .post()
                .uri("/v1/numbers:double")
                .send((request, out) -> out.send(
                        lines.asFlux().map(line -> Unpooled.copiedBuffer(line, StandardCharsets.UTF_8)), piece -> true))
                .responseContent()
                .asString()
                .subscribe(response::add);
        for (int i = 1; i <= 3; i++) {
            lines.tryEmitNext("{\"value\":" + i + "}\n").orThrow();
            int expected = i;
            await().until(() -> response.size() == expected);
        }
        lines.tryEmitComplete().orThrow();
        await().until(call::isDisposed);
        assertThat(response).containsExactly("{\"value\":\"2\"}\n", "{\"value\":\"4\"}\n", "{\"value\":\"6\"}\n");
    }
}
