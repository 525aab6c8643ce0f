package io.middleware.gateway.ingress.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.DynamicMessage;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.gateway.schema.OwnServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients of {@code grpc.health.v1} get from the gateway; all on real sockets. */
class LocalHealthTest {
    private static final String LIBRARY = LibraryServer.GRPC_SERVICE;

    private final LocalGateway gateway = new LocalGateway();

    @AfterEach
    void close() {
        gateway.close();
    }

    private static HealthCheckRequest of(String service) {
        return HealthCheckRequest.newBuilder().setService(service).build();
    }

    private ServingStatus check(String service) {
        return HealthGrpc.newBlockingStub(gateway.channel())
                .withDeadlineAfter(5, TimeUnit.SECONDS)
                .check(of(service))
                .getStatus();
    }

    /** The statuses that a caller who watches gets, and null at the end. */
    private Queue<String> watch(String service) {
        Queue<String> got = new ConcurrentLinkedQueue<>();
        HealthGrpc.newStub(gateway.channel()).watch(of(service), new StreamObserver<>() {
            @Override
            public void onNext(HealthCheckResponse response) {
                got.add(response.getStatus().name());
            }

            @Override
            public void onError(Throwable failure) {
                got.add(Status.fromThrowable(failure).getCode().name());
            }

            @Override
            public void onCompleted() {
                got.add("end");
            }
        });
        return got;
    }

    private static void awaitAll(Queue<String> got, String... expected) {
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(got).containsExactly(expected));
    }

    @Test
    void check_tellsWhetherAServiceCanRespond() {
        LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
        int port = library.port();
        gateway.register("library", port, LIBRARY);
        Queue<String> watched = watch(LIBRARY);

        assertThat(check(LIBRARY)).isEqualTo(ServingStatus.SERVING);
        assertThat(check("")).isEqualTo(ServingStatus.SERVING);
        assertThat(check("grpc.health.v1.Health")).isEqualTo(ServingStatus.SERVING);
        assertThatThrownBy(() -> check("no.Such"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND))
                .hasMessageContaining("no registered service serves no.Such");
        library.close();
        gateway.callInVain(LIBRARY);
        await().atMost(Duration.ofSeconds(15)).until(() -> check(LIBRARY) == ServingStatus.NOT_SERVING);
        try (LibraryServer again = new LibraryServer(port, ProtoReflectionServiceV1.newInstance())) {
            await().atMost(Duration.ofSeconds(15)).until(() -> check(LIBRARY) == ServingStatus.SERVING);
            awaitAll(watched, "SERVING", "NOT_SERVING", "SERVING");
            assertThat(again.port()).isEqualTo(port);
        }
    }

    @Test
    void watch_ofAnUnknownService_saysSo_andGoesOn() {
        Queue<String> watched = watch(LIBRARY);
        awaitAll(watched, "SERVICE_UNKNOWN");
        try (LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance())) {
            gateway.register("library", library.port(), LIBRARY);
            awaitAll(watched, "SERVICE_UNKNOWN", "SERVING");
            gateway.deregister("library");
            awaitAll(watched, "SERVICE_UNKNOWN", "SERVING", "SERVICE_UNKNOWN");
        }
    }

    @Test
    void whenItDrains_theGatewayIsNotServing_andStreamsEnd() {
        Queue<String> watched = watch("");
        awaitAll(watched, "SERVING");
        gateway.drain();

        awaitAll(watched, "SERVING", "NOT_SERVING", "UNAVAILABLE");
        assertThat(check("")).isEqualTo(ServingStatus.NOT_SERVING);
        awaitAll(watch(""), "NOT_SERVING", "UNAVAILABLE");
    }

    @Test
    void list_hasAllServices() {
        gateway.register("library", 1, LIBRARY);
        var list = OwnServices.methods().get("/grpc.health.v1.Health/List").descriptor();
        DynamicMessage response = ClientCalls.blockingUnaryCall(
                gateway.channel(),
                MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName("grpc.health.v1.Health/List")
                        .setRequestMarshaller(
                                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(list.getInputType())))
                        .setResponseMarshaller(
                                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(list.getOutputType())))
                        .build(),
                CallOptions.DEFAULT,
                DynamicMessage.getDefaultInstance(list.getInputType()));

        assertThat(response.toString())
                .contains("key: \"\"", "key: \"" + LIBRARY + "\"", "key: \"grpc.health.v1.Health\"", "status: SERVING");
    }

    @Test
    void aCompressedRequest_isRead() {
        assertThat(HealthGrpc.newBlockingStub(gateway.channel())
                        .withCompression("gzip")
                        .check(of(""))
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void aWatch_endsAtItsDeadline() {
        assertThatThrownBy(() -> HealthGrpc.newBlockingStub(gateway.channel())
                        .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                        .watch(of(""))
                        .forEachRemaining(response -> {}))
                .hasMessageContaining("DEADLINE_EXCEEDED");
        await().until(() -> gateway.services().watches() == 0);
    }

    @Test
    void aMethodThatHealthDoesNotHave_isNotSentToServers() {
        try (LibraryServer library = new LibraryServer(0)) {
            gateway.register("library", library.port(), "grpc.health.v1.Health", LIBRARY);

            assertThat(check("")).isEqualTo(ServingStatus.SERVING);
            assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(
                            gateway.channel(),
                            HealthGrpc.getCheckMethod().toBuilder()
                                    .setFullMethodName("grpc.health.v1.Health/Other")
                                    .build(),
                            CallOptions.DEFAULT,
                            of("")))
                    .hasMessageContaining("UNIMPLEMENTED: no such method: /grpc.health.v1.Health/Other");
        }
    }

    @Test
    void thousandsOfWatches_areUpdatedWithinASecond() {
        gateway.register("library", 1, LIBRARY);
        List<Queue<String>> watches = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            watches.add(watch(i % 2 == 0 ? "" : LIBRARY));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> watches.stream().noneMatch(Queue::isEmpty));
        assertThat(gateway.services().watches()).isEqualTo(3000);
        long begun = System.nanoTime();
        gateway.deregister("library");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> watches.stream()
                                .filter(got -> got.contains("SERVICE_UNKNOWN"))
                                .count()
                        == 1500);
        System.out.println("1500 of 3000 watches updated within "
                + Duration.ofNanos(System.nanoTime() - begun).toMillis() + " ms");
        gateway.channel().shutdownNow();
        await().atMost(Duration.ofSeconds(10)).until(() -> gateway.services().watches() == 0);
    }
}
