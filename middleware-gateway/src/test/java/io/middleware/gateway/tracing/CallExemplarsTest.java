package io.middleware.gateway.tracing;

import static io.middleware.gateway.GatewayHarness.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a scraper reads about the traces of calls that a timer measured, as the core's counts do after each call. */
@Timeout(30)
class CallExemplarsTest {
    private static final String KEPT = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String NOT_KEPT = "5bf92f3577b34da6a3ce929d0e0e4737";

    private final CallExemplars exemplars = new CallExemplars();
    private final PrometheusMeterRegistry meters =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM, exemplars);
    private final Timer timer = Timer.builder("middleware.calls")
            .serviceLevelObjectives(Duration.ofSeconds(10))
            .register(meters);
    private final GatewayHarness gateway = new GatewayHarness();
    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(new HelloServiceGrpc.HelloServiceImplBase() {
                    @Override
                    public void sayHello(HelloRequest request, StreamObserver<HelloReply> caller) {
                        caller.onNext(HelloReply.getDefaultInstance());
                        caller.onCompleted();
                    }
                })
                .build()
                .start();
        gateway.trace(new CallTraces(Sampler.parentBased(Sampler.alwaysOn())));
        gateway.listen(exemplars);
        gateway.register("well", server.getPort(), Pool.PRIMARY, SERVICE);
        gateway.directory()
                .services()
                .getFirst()
                .counts()
                .listen((code, nanos) -> timer.record(nanos, TimeUnit.NANOSECONDS));
    }

    @AfterEach
    void stop() {
        gateway.close();
        server.shutdownNow();
    }

    @Test
    void callOfAKeptTrace_isAnExemplar() {
        call(KEPT, "01");
        await().untilAsserted(() -> assertThat(scraped()).contains("trace_id=\"" + KEPT + "\""));
    }

    @Test
    void callOfATraceThatIsNotKept_isNone() {
        call(NOT_KEPT, "00");
        await().until(() -> timer.count() == 1);
        assertThat(scraped()).doesNotContain("trace_id");
    }

    private String scraped() {
        return meters.scrape("application/openmetrics-text");
    }

    private void call(String trace, String flags) {
        Metadata headers = new Metadata();
        headers.put(
                Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
                "00-" + trace + "-00f067aa0ba902b7-" + flags);
        HelloServiceGrpc.newBlockingStub(gateway.channel())
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .sayHello(HelloRequest.getDefaultInstance());
    }
}
