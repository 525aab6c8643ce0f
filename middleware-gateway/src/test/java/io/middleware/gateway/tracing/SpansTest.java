package io.middleware.gateway.tracing;

import static io.middleware.core.MethodTraits.Idempotency.NO_SIDE_EFFECTS;
import static io.middleware.gateway.GatewayHarness.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.middleware.core.MethodTraits;
import io.middleware.core.Ticker;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The spans of calls by real sockets, and the contexts that real servers get. */
@Timeout(30)
class SpansTest {
    private static final Metadata.Key<String> TRACEPARENT = key("traceparent");
    private static final Metadata.Key<String> BAGGAGE = key("baggage");
    private static final String CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final List<SpanData> spans = new CopyOnWriteArrayList<>();
    private final List<Metadata> seenByServers = new CopyOnWriteArrayList<>();
    private final List<Server> servers = new ArrayList<>();
    private final GatewayHarness gateway = new GatewayHarness();

    @BeforeEach
    void trace() {
        gateway.trace(new CallTraces(Sampler.parentBased(Sampler.alwaysOn())));
        gateway.listen(new SpanExport(
                SimpleSpanProcessor.create(new Kept()), Resource.getDefault(), Ticker.system(), Clock.getDefault()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        servers.forEach(Server::shutdownNow);
    }

    @Test
    void retriedCall_hasASpan_andOneBelowItForEachAttempt() throws IOException {
        gateway.register("broken", serve(SpansTest::refuse), Pool.PRIMARY, SERVICE);
        gateway.register("well", serve(SpansTest::answer), Pool.SECONDARY, SERVICE);
        describe();

        call(CALLER, "mine");

        List<SpanData> all = awaitSpans(3);
        SpanData call = all.get(0);
        assertThat(call.getName()).isEqualTo(SERVICE + "/SayHello");
        assertThat(call.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(call.getTraceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(call.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
        assertThat(call.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(call.getAttributes().asMap())
                .containsEntry(SpanFields.SYSTEM, "grpc")
                .containsEntry(SpanFields.METHOD, SERVICE + "/SayHello")
                .containsEntry(SpanFields.CODE, "OK")
                .containsEntry(SpanFields.CALL_ID, "mine")
                .containsEntry(SpanFields.ATTEMPTS, 2L)
                .containsEntry(SpanFields.INSTANCE, "well");
        assertThat(call.getEvents()).extracting(event -> event.getName()).contains("retry elsewhere");
        assertThat(call.getStartEpochNanos() / 1_000_000).isCloseTo(System.currentTimeMillis(), within(20_000L));

        SpanData failed = all.get(1);
        assertThat(failed.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(failed.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(failed.getStatus().getDescription()).contains("out of order");
        assertThat(failed.getAttributes().asMap())
                .containsEntry(SpanFields.INSTANCE, "broken")
                .containsEntry(SpanFields.WHY, "first")
                .containsEntry(SpanFields.CALL_ID, "mine")
                .containsEntry(SpanFields.ERROR, "UNAVAILABLE")
                .containsEntry(SpanFields.EVIDENCE, "BAD")
                .containsEntry(SpanFields.OUTCOME, "ANSWERED");
        SpanData won = all.get(2);
        assertThat(won.getAttributes().asMap())
                .containsEntry(SpanFields.INSTANCE, "well")
                .containsEntry(SpanFields.WHY, "retry")
                .containsEntry(SpanFields.WON, true);

        for (int attempt = 1; attempt <= 2; attempt++) {
            SpanData span = all.get(attempt);
            assertThat(span.getParentSpanId()).isEqualTo(call.getSpanId());
            assertThat(span.getTraceId()).isEqualTo(call.getTraceId());
            assertThat(span.getStartEpochNanos()).isGreaterThanOrEqualTo(call.getStartEpochNanos());
            assertThat(span.getEndEpochNanos()).isBetween(span.getStartEpochNanos(), call.getEndEpochNanos());
            assertThat(seenByServers.get(attempt - 1).getAll(TRACEPARENT))
                    .containsExactly("00-" + call.getTraceId() + "-" + span.getSpanId() + "-01");
            assertThat(seenByServers.get(attempt - 1).get(BAGGAGE)).isEqualTo("shelf=3");
        }
    }

    @Test
    void hedge_isLinkedToTheAttemptThatItHedges() throws IOException {
        AtomicBoolean silent = new AtomicBoolean(true);
        Consumer<StreamObserver<HelloReply>> silentOnce = caller -> {
            if (!silent.compareAndSet(true, false)) {
                answer(caller);
            }
        };
        gateway.register("one", serve(silentOnce), Pool.PRIMARY, SERVICE);
        gateway.register("two", serve(silentOnce), Pool.PRIMARY, SERVICE);
        describe();

        call(null, "hedged");

        List<SpanData> all = awaitSpans(3);
        assertThat(all.get(0).getParentSpanContext().isValid()).isFalse();
        assertThat(all.get(1).getStatus().getStatusCode())
                .as("given up, and no error")
                .isEqualTo(StatusCode.UNSET);
        SpanData hedge = all.get(2);
        assertThat(hedge.getAttributes().get(SpanFields.WHY)).isEqualTo("hedge");
        assertThat(hedge.getLinks())
                .singleElement()
                .satisfies(link ->
                        assertThat(link.getSpanContext()).isEqualTo(all.get(1).getSpanContext()));
    }

    @Test
    void failedCall_saysSo() {
        gateway.directory().markLoaded();

        assertThatThrownBy(() -> call(null, "lost")).hasMessageContaining("UNIMPLEMENTED");

        SpanData call = awaitSpans(1).getFirst();
        assertThat(call.getName()).isEqualTo("grpc");
        assertThat(call.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(call.getStatus().getDescription()).contains("no registered service serves");
        assertThat(call.getAttributes().asMap())
                .containsEntry(SpanFields.METHOD, "_OTHER")
                .containsEntry(SpanFields.METHOD_ORIGINAL, SERVICE + "/SayHello")
                .containsEntry(SpanFields.ERROR, "UNIMPLEMENTED");
    }

    @Test
    void unsampledCall_hasNoSpans_andPassesItsContextOn() throws IOException {
        gateway.register("well", serve(SpansTest::answer), Pool.PRIMARY, SERVICE);

        call(CALLER.replace("-01", "-00"), "quiet");
        call(CALLER, "loud");

        assertThat(awaitSpans(2))
                .allMatch(span -> "loud".equals(span.getAttributes().get(SpanFields.CALL_ID)));
        assertThat(seenByServers.getFirst().get(TRACEPARENT))
                .matches("00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-00")
                .doesNotContain("00f067aa0ba902b7");
    }

    @Test
    void withoutTracing_headersPassUnchanged() throws IOException {
        gateway.trace(call -> null);
        gateway.register("well", serve(SpansTest::answer), Pool.PRIMARY, SERVICE);

        call(CALLER, "plain");

        assertThat(seenByServers.getFirst().get(TRACEPARENT)).isEqualTo(CALLER);
        assertThat(spans).isEmpty();
    }

    private void call(String traceparent, String callId) {
        Metadata headers = new Metadata();
        headers.put(key("x-call-id"), callId);
        headers.put(BAGGAGE, "shelf=3");
        if (traceparent != null) {
            headers.put(TRACEPARENT, traceparent);
        }
        HelloServiceGrpc.newBlockingStub(gateway.channel())
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .sayHello(HelloRequest.getDefaultInstance());
    }

    private void describe() {
        gateway.describe("/" + SERVICE + "/SayHello", new MethodTraits(true, NO_SIDE_EFFECTS));
    }

    private List<SpanData> awaitSpans(int count) {
        await().untilAsserted(() -> assertThat(spans).hasSizeGreaterThanOrEqualTo(count));
        return List.copyOf(spans);
    }

    private int serve(Consumer<StreamObserver<HelloReply>> behaviour) throws IOException {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(new HelloServiceGrpc.HelloServiceImplBase() {
                    @Override
                    public void sayHello(HelloRequest request, StreamObserver<HelloReply> caller) {
                        behaviour.accept(caller);
                    }
                })
                .intercept(new Seeing())
                .build()
                .start();
        servers.add(server);
        return server.getPort();
    }

    private static void refuse(StreamObserver<HelloReply> caller) {
        caller.onError(Status.UNAVAILABLE.withDescription("out of order").asException());
    }

    private static void answer(StreamObserver<HelloReply> caller) {
        caller.onNext(HelloReply.getDefaultInstance());
        caller.onCompleted();
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private final class Seeing implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            seenByServers.add(headers);
            return next.startCall(call, headers);
        }
    }

    private final class Kept implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> exported) {
            spans.addAll(exported);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
