package io.middleware.gateway.ingress.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.reflection.v1.ExtensionRequest;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.middleware.gateway.library.DescribedServer;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.gateway.library.v1.Book;
import io.middleware.gateway.reflection.LinkedFiles;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients of server reflection get from the gateway; all on real sockets. */
class LocalReflectionTest {
    private static final String LIBRARY = LibraryServer.GRPC_SERVICE;

    private final LocalGateway gateway = new LocalGateway();
    private final ReflectionCaller caller = new ReflectionCaller(gateway.channel());

    @AfterEach
    void close() {
        gateway.close();
    }

    private static ServerReflectionRequest.Builder request() {
        return ServerReflectionRequest.newBuilder().setHost("here");
    }

    private void awaitDescribed(String grpcService) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> caller.symbol(grpcService).hasFileDescriptorResponse());
    }

    @Test
    void aService_isListedAndDescribed_asItsServerDoes() {
        try (LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance())) {
            gateway.register("library", library.port(), LIBRARY);
            awaitDescribed(LIBRARY);

            assertThat(caller.list())
                    .containsExactly(
                            "grpc.health.v1.Health",
                            "grpc.reflection.v1.ServerReflection",
                            "grpc.reflection.v1alpha.ServerReflection",
                            LIBRARY);
            FileDescriptor own = Book.getDescriptor().getFile();
            assertThat(caller.symbol(LIBRARY).getFileDescriptorResponse().getFileDescriptorProto(0))
                    .isEqualTo(own.toProto().toByteString());
            assertThat(caller.link(caller.linker(), LIBRARY).getFullName()).isEqualTo(own.getFullName());
        }
    }

    @Test
    void allKindsOfRequests_areServed_andEchoed() {
        List<ServerReflectionResponse> responses = caller.call(
                request().setFileByFilename("google/api/annotations.proto").build(),
                request().setFileContainingSymbol("grpc.health.v1.Health.Check").build(),
                request()
                        .setFileContainingExtension(ExtensionRequest.newBuilder()
                                .setContainingType("google.protobuf.MethodOptions")
                                .setExtensionNumber(72295728))
                        .build(),
                request()
                        .setAllExtensionNumbersOfType("google.protobuf.MethodOptions")
                        .build(),
                request().setFileByFilename("none.proto").build(),
                request().setAllExtensionNumbersOfType("none.Type").build(),
                request().build());

        assertThat(responses).hasSize(7);
        assertThat(responses.subList(0, 3)).allMatch(ServerReflectionResponse::hasFileDescriptorResponse);
        assertThat(responses.get(3).getAllExtensionNumbersResponse().getExtensionNumberList())
                .contains(72295728);
        assertThat(responses.subList(4, 7).stream()
                        .map(response -> response.getErrorResponse().getErrorCode()))
                .containsExactly(
                        Status.Code.NOT_FOUND.value(),
                        Status.Code.NOT_FOUND.value(),
                        Status.Code.INVALID_ARGUMENT.value());
        assertThat(responses).allMatch(response -> response.getValidHost().equals("here"));
        assertThat(responses.getFirst().getOriginalRequest().getFileByFilename())
                .isEqualTo("google/api/annotations.proto");
    }

    @Test
    void theOlderVersion_isServedAlike() {
        var stub = io.grpc.reflection.v1alpha.ServerReflectionGrpc.newStub(gateway.channel());
        AtomicInteger services = new AtomicInteger();
        var stream = stub.serverReflectionInfo(
                new io.grpc.stub.StreamObserver<io.grpc.reflection.v1alpha.ServerReflectionResponse>() {
                    @Override
                    public void onNext(io.grpc.reflection.v1alpha.ServerReflectionResponse response) {
                        services.set(response.getListServicesResponse().getServiceCount());
                    }

                    @Override
                    public void onError(Throwable failure) {
                        services.set(-1);
                    }

                    @Override
                    public void onCompleted() {
                        // the test waits for the response
                    }
                });
        stream.onNext(io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
                .setListServices("")
                .build());

        await().untilAtomic(services, org.hamcrest.Matchers.is(3));
    }

    /** {@code scope.Name} takes {@code common.Thing} of {@code common.proto}, which has one field. */
    private static DescribedServer server(String scope, String name, String field, IdempotencyLevel level) {
        FileDescriptorProto.Builder common =
                FileDescriptorProto.newBuilder().setName("common.proto").setPackage("common");
        common.addMessageTypeBuilder()
                .setName("Thing")
                .addField(FieldDescriptorProto.newBuilder()
                        .setName(field)
                        .setNumber(1)
                        .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
                        .setType(FieldDescriptorProto.Type.TYPE_STRING));
        FileDescriptorProto.Builder api = FileDescriptorProto.newBuilder()
                .setName("api.proto")
                .setPackage(scope)
                .addDependency("common.proto");
        api.addServiceBuilder()
                .setName(name)
                .addMethodBuilder()
                .setName("Do")
                .setInputType(".common.Thing")
                .setOutputType(".common.Thing")
                .getOptionsBuilder()
                .setIdempotencyLevel(level);
        return new DescribedServer().describe(common.build()).describe(api.build(), scope + "." + name);
    }

    @Test
    void servicesWhoseFilesHaveOneName_canBothBeLinked() {
        try (DescribedServer one = server("a", "A", "one", IdempotencyLevel.IDEMPOTENT);
                DescribedServer two = server("b", "B", "two", IdempotencyLevel.IDEMPOTENT)) {
            gateway.register("one", one.port(), "a.A").register("two", two.port(), "b.B");
            awaitDescribed("a.A");
            awaitDescribed("b.B");

            LinkedFiles linker = caller.linker();
            assertThat(input(linker, "a.A")).isEqualTo("one");
            assertThat(input(linker, "b.B")).isEqualTo("two");
        }
    }

    private String input(LinkedFiles linker, String service) {
        return caller.link(linker, service)
                .getServices()
                .getFirst()
                .getMethods()
                .getFirst()
                .getInputType()
                .getFields()
                .getFirst()
                .getName();
    }

    @Test
    void ofTwoVersions_theNewerIsDescribed_withWhatBothPromise() {
        try (DescribedServer old = server("a", "A", "old", IdempotencyLevel.IDEMPOTENCY_UNKNOWN);
                DescribedServer newer = server("a", "A", "newer", IdempotencyLevel.NO_SIDE_EFFECTS)) {
            gateway.register("a", old.port(), "a.A").register("a", newer.port(), "a.A");
            await().atMost(Duration.ofSeconds(10))
                    .ignoreExceptions()
                    .until(() -> input(caller.linker(), "a.A").equals("newer"));

            assertThat(caller.link(caller.linker(), "a.A")
                            .getServices()
                            .getFirst()
                            .getMethods()
                            .getFirst()
                            .getOptions()
                            .getIdempotencyLevel())
                    .isEqualTo(com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel.IDEMPOTENCY_UNKNOWN);
        }
    }

    @Test
    void aServiceWithoutReflection_isListed_andHasNoFile() {
        try (LibraryServer library = new LibraryServer(0)) {
            gateway.register("library", library.port(), LIBRARY);
            await().until(() -> caller.list().contains(LIBRARY));

            assertThat(caller.symbol(LIBRARY).getErrorResponse().getErrorCode())
                    .isEqualTo(Status.Code.NOT_FOUND.value());
        }
    }

    @Test
    void services_comeAndGo_withinASecond() {
        try (LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance())) {
            gateway.register("library", library.port(), LIBRARY);
            await().atMost(Duration.ofSeconds(5)).until(() -> caller.list().contains(LIBRARY));
            gateway.deregister("library");
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> !caller.list().contains(LIBRARY)
                            && caller.symbol(LIBRARY).hasErrorResponse());
        }
    }

    @Test
    void aServiceWhoseInstancesAreAllEjected_isStillListed() {
        LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
        gateway.register("library", library.port(), LIBRARY);
        awaitDescribed(LIBRARY);
        library.close();
        gateway.callInVain(LIBRARY);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> gateway.directory().serviceOf(LIBRARY).instances().stream()
                        .allMatch(instance -> instance.ejected()));

        assertThat(caller.list()).contains(LIBRARY);
    }

    /** A slow reader asks for much: the gateway neither keeps all responses nor all requests. */
    @Test
    void aSlowReader_stopsTheGateway() {
        AtomicInteger received = new AtomicInteger();
        AtomicInteger sent = new AtomicInteger();
        var observer = new ClientResponseObserver<ServerReflectionRequest, ServerReflectionResponse>() {
            private ClientCallStreamObserver<ServerReflectionRequest> stream;

            @Override
            public void beforeStart(ClientCallStreamObserver<ServerReflectionRequest> stream) {
                this.stream = stream;
                stream.disableAutoRequestWithInitial(1);
            }

            @Override
            public void onNext(ServerReflectionResponse response) {
                received.incrementAndGet();
            }

            @Override
            public void onError(Throwable failure) {
                // cancelled at the end
            }

            @Override
            public void onCompleted() {
                // never
            }
        };
        var requests = ServerReflectionGrpc.newStub(gateway.channel()).serverReflectionInfo(observer);
        ServerReflectionRequest large = request()
                .setFileContainingSymbol("google.rpc.ErrorInfo")
                .setHost("x".repeat(10_000))
                .build();
        await().until(observer.stream::isReady);
        await().during(Duration.ofMillis(500)).until(() -> {
            boolean stopped = true;
            while (observer.stream.isReady() && sent.get() < 10_000) {
                requests.onNext(large);
                sent.incrementAndGet();
                stopped = false;
            }
            return stopped;
        });
        assertThat(sent).hasValueLessThan(10_000);
        assertThat(received).hasValue(1);
        observer.stream.request(Integer.MAX_VALUE);
        await().atMost(Duration.ofSeconds(20)).until(() -> received.get() == sent.get());
        observer.stream.cancel("done", null);
    }
}
