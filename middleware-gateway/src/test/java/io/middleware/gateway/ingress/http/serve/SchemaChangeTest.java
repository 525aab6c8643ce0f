package io.middleware.gateway.ingress.http.serve;

import static io.middleware.core.MethodTraits.Idempotency.IDEMPOTENT;
import static io.middleware.core.MethodTraits.Idempotency.NO_SIDE_EFFECTS;
import static io.middleware.core.MethodTraits.Idempotency.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.gson.JsonParser;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.MethodTraits;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import io.middleware.gateway.library.DescribedServer;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.gateway.library.OwnReflection;
import io.middleware.gateway.library.v1.Book;
import io.middleware.testsupport.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers over HTTP get while servers come, go, or say little of themselves; all on real sockets. */
@Tag("slow")
class SchemaChangeTest {
    private static final String GET_BOOK = "/library.v1.Library/GetBook";

    @Test
    void serverThatSpeaksTheOlderReflectionOnly_isDescribed() {
        @SuppressWarnings("deprecation")
        var v1alpha = io.grpc.protobuf.services.ProtoReflectionService.newInstance();
        try (LibraryServer library = new LibraryServer(0, v1alpha);
                HttpGateway gateway = new HttpGateway()) {
            gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(gateway.schemas()::settled);

            assertThat(gateway.get("/v1/books/1").body()).isEqualTo("{\"name\":\"1\"}");
        }
    }

    @Test
    void methods_promiseWhatTheirDescriptorsSay() {
        try (LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
                HttpGateway gateway = new HttpGateway()) {
            gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(gateway.schemas()::settled);

            var service = gateway.directory().serviceOf(LibraryServer.GRPC_SERVICE);
            assertThat(service.traits(GET_BOOK)).isEqualTo(new MethodTraits(true, NO_SIDE_EFFECTS));
            assertThat(service.traits("/library.v1.Library/UpdateBook")).isEqualTo(new MethodTraits(true, IDEMPOTENT));
            assertThat(service.traits("/library.v1.Library/Echo")).isEqualTo(new MethodTraits(true, UNKNOWN));
            assertThat(service.traits("/library.v1.Library/WatchBooks")).isEqualTo(new MethodTraits(false, UNKNOWN));
        }
    }

    @Test
    void serverWithoutReflection_takesSerializedMessagesButNoJson() {
        try (LibraryServer library = new LibraryServer(0);
                HttpGateway gateway = new HttpGateway()) {
            gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(gateway.schemas()::settled);

            HttpResponse<String> json = gateway.post(GET_BOOK, "{}");
            assertThat(json.statusCode()).isEqualTo(501);
            assertThat(json.headers().firstValue("content-type")).hasValue("application/json");
            assertThat(JsonParser.parseString(json.body())
                            .getAsJsonObject()
                            .get("message")
                            .getAsString())
                    .contains("service offers no server reflection", "call it by gRPC");
            assertThat(gateway.send(gateway.request(GET_BOOK)
                                    .header("Content-Type", "application/proto")
                                    .POST(BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(gateway.directory().serviceOf(LibraryServer.GRPC_SERVICE).traits(GET_BOOK))
                    .isEqualTo(MethodTraits.UNKNOWN);
        }
    }

    @Test
    void serverThatComesUpAfterItsRegistration_isDescribedThen() {
        int port = FreePorts.next();
        try (HttpGateway gateway = new HttpGateway()) {
            gateway.register("library-1", port, Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(gateway.schemas()::settled);
            HttpResponse<String> early = gateway.post(GET_BOOK, "{}");
            assertThat(early.statusCode()).isEqualTo(503);
            assertThat(early.body()).contains("\"unavailable\"", "library-1: connection refused");

            try (LibraryServer library = new LibraryServer(port, ProtoReflectionServiceV1.newInstance())) {
                await().until(() -> gateway.get("/v1/books/1").statusCode() == 200);
                assertThat(library.port()).isEqualTo(port);
            }
        }
    }

    @Test
    void oneServerWithoutReflectionAmongOthers_takesThePromisesAwayButNotTheJson() {
        try (LibraryServer described = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
                LibraryServer silent = new LibraryServer(0);
                HttpGateway gateway = new HttpGateway()) {
            gateway.register("library-1", described.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            gateway.register("library-2", silent.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(gateway.schemas()::settled);

            assertThat(gateway.get("/v1/books/1").statusCode()).isEqualTo(200);
            assertThat(gateway.directory().serviceOf(LibraryServer.GRPC_SERVICE).traits(GET_BOOK))
                    .isEqualTo(MethodTraits.UNKNOWN);
        }
    }

    @Test
    void serviceWhoseServersAreAllDown_isUnavailable_andIsGoneWhenTheyAreDeregistered() {
        try (LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
                HttpGateway gateway = new HttpGateway()) {
            gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(gateway.schemas()::settled);
            library.stop();

            HttpResponse<String> refused = gateway.get("/v1/books/1");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("\"unavailable\"", "library-1 (primary): connection refused");
            assertThat(refused.headers().firstValue("middleware-attempts"))
                    .get()
                    .asString()
                    .matches("[1-9][0-9]*");

            gateway.deregisterAll();
            await().until(() -> gateway.get("/v1/books/1").statusCode() == 404);
            assertThat(gateway.get("/v1/books/1").headers().firstValue("middleware-attempts"))
                    .isEmpty();
        }
    }

    @Test
    void restartedServerOfAnotherVersion_isDescribedAnew() {
        int port = FreePorts.next();
        try (HttpGateway gateway = new HttpGateway()) {
            try (LibraryServer first = new LibraryServer(port, ProtoReflectionServiceV1.newInstance())) {
                gateway.register("library-1", first.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
                await().until(gateway.schemas()::settled);
                assertThat(gateway.get("/v2/1").statusCode()).isEqualTo(404);
            }
            OwnReflection second = OwnReflection.ofLibrary(service -> getBook(service)
                    .getOptionsBuilder()
                    .clearIdempotencyLevel()
                    .setExtension(
                            AnnotationsProto.http,
                            HttpRule.newBuilder().setGet("/v2/{name}").build()));
            try (LibraryServer restarted = new LibraryServer(port, second)) {
                gateway.register("library-1", restarted.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);

                await().until(() -> gateway.get("/v2/1").body().equals("{\"name\":\"1\"}"));
                assertThat(gateway.get("/v1/books/1").statusCode()).isEqualTo(404);
                assertThat(gateway.directory()
                                .serviceOf(LibraryServer.GRPC_SERVICE)
                                .traits(GET_BOOK))
                        .isEqualTo(new MethodTraits(true, UNKNOWN));
            }
        }
    }

    /** The registry has no news of it: same id, same address. */
    @Test
    void serverReplacedInPlace_isDescribedAnewWithinASecond() {
        int port = FreePorts.next();
        try (HttpGateway gateway = new HttpGateway()) {
            try (LibraryServer first = new LibraryServer(port, ProtoReflectionServiceV1.newInstance())) {
                gateway.register("library-1", first.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
                await().until(gateway.schemas()::settled);
                assertThat(gateway.get("/v1/books/1").statusCode()).isEqualTo(200);
            }
            OwnReflection other = OwnReflection.ofLibrary(service -> getBook(service)
                    .getOptionsBuilder()
                    .clearIdempotencyLevel()
                    .setExtension(
                            AnnotationsProto.http,
                            HttpRule.newBuilder().setGet("/v2/{name}").build()));
            try (LibraryServer second = new LibraryServer(port, other)) {
                await().atMost(Duration.ofSeconds(2))
                        .until(() -> gateway.get("/v2/1").statusCode() == 200);
                assertThat(second.port()).isEqualTo(port);
                assertThat(gateway.directory()
                                .serviceOf(LibraryServer.GRPC_SERVICE)
                                .traits(GET_BOOK))
                        .isEqualTo(new MethodTraits(true, UNKNOWN));
            }
        }
    }

    @Test
    void anotherServerOfTheSameVersion_sharesItsDescription() {
        try (LibraryServer first = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
                LibraryServer second = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
                HttpGateway gateway = new HttpGateway()) {
            gateway.register("library-1", first.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(gateway.schemas()::settled);
            var before = gateway.schemas().schema().methods();
            gateway.register("library-2", second.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(gateway.schemas()::settled);

            assertThat(before).containsKey(GET_BOOK);
            assertThat(gateway.schemas().schema().methods()).isSameAs(before);
        }
    }

    @Test
    void versionsThatDisagree_promiseWhatBothPromise() {
        OwnReflection older = OwnReflection.ofLibrary(
                service -> getBook(service).getOptionsBuilder().clearIdempotencyLevel());
        try (LibraryServer first = new LibraryServer(0, older);
                LibraryServer second = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
                HttpGateway gateway = new HttpGateway()) {
            gateway.register("library-1", first.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            gateway.register("library-2", second.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(gateway.schemas()::settled);

            var service = gateway.directory().serviceOf(LibraryServer.GRPC_SERVICE);
            assertThat(service.traits(GET_BOOK)).isEqualTo(new MethodTraits(true, UNKNOWN));
            assertThat(service.traits("/library.v1.Library/UpdateBook")).isEqualTo(new MethodTraits(true, IDEMPOTENT));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void otherNumberOfRepliesThanOne_isUnimplemented(int replies) {
        OwnReflection wrong = OwnReflection.ofLibrary(service -> service.getMethodBuilderList().stream()
                .filter(method -> method.getName().equals("WatchBooks"))
                .forEach(method -> method.setServerStreaming(false)));
        try (LibraryServer library = new LibraryServer(0, wrong);
                HttpGateway gateway = new HttpGateway()) {
            gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(gateway.schemas()::settled);

            HttpResponse<String> response =
                    gateway.post("/library.v1.Library/WatchBooks", "{\"limit\":" + replies + "}");
            assertThat(response.statusCode()).isEqualTo(501);
            assertThat(response.body()).contains("the server answered " + replies + " messages (expected: one)");
        }
    }

    @Test
    void pathOfTwoServices_isServedByTheOneThatTheRegistryConfirms() {
        try (LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
                DescribedServer moved = movedLibrary();
                HttpGateway gateway = new HttpGateway()) {
            gateway.directory()
                    .update(
                            "moved",
                            List.of(new Registration(
                                    "moved-1",
                                    "127.0.0.1",
                                    moved.port(),
                                    Pool.PRIMARY,
                                    1,
                                    List.of("moved.v1.Library"),
                                    false,
                                    true,
                                    1,
                                    1)));
            gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(gateway.schemas()::settled);
            assertThat(gateway.get("/v1/books/1").body()).isEqualTo("{\"name\":\"1\"}");

            gateway.directory().update("service", List.of());
            assertThat(gateway.directory().serviceOf(LibraryServer.GRPC_SERVICE))
                    .isNotNull(); // the registry is doubted
            assertThat(gateway.get("/v1/books/1").body()).isEqualTo("{\"name\":\"moved\"}");

            gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            assertThat(gateway.get("/v1/books/1").body()).isEqualTo("{\"name\":\"1\"}");

            gateway.deregisterAll();
            assertThat(gateway.get("/v1/books/1").body()).isEqualTo("{\"name\":\"moved\"}");
        }
    }

    /** Another package with a mapping of the library's, whose only book is "moved". */
    private static DescribedServer movedLibrary() {
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder()
                .setName("moved.proto")
                .setPackage("moved.v1")
                .setSyntax("proto3");
        file.addMessageTypeBuilder()
                .setName("Book")
                .addFieldBuilder()
                .setName("name")
                .setNumber(1)
                .setType(FieldDescriptorProto.Type.TYPE_STRING)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
        file.addServiceBuilder()
                .setName("Library")
                .addMethodBuilder()
                .setName("GetBook")
                .setInputType(".moved.v1.Book")
                .setOutputType(".moved.v1.Book")
                .getOptionsBuilder()
                .setExtension(
                        AnnotationsProto.http,
                        HttpRule.newBuilder().setGet("/v1/books/{name}").build());
        return new DescribedServer()
                .describe(file.build(), "moved.v1.Library")
                .answer(
                        "moved.v1.Library/GetBook",
                        book -> Book.newBuilder().setName("moved").build().toByteArray());
    }

    private static MethodDescriptorProto.Builder getBook(ServiceDescriptorProto.Builder service) {
        return service.getMethodBuilderList().stream()
                .filter(method -> method.getName().equals("GetBook"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void responseOfASecondary_saysSo() {
        int nobody = FreePorts.next();
        try (LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
                HttpGateway gateway = new HttpGateway()) {
            gateway.register("library-1", nobody, Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            gateway.register("library-2", library.port(), Pool.SECONDARY, LibraryServer.GRPC_SERVICE);
            await().until(gateway.schemas()::settled);

            HttpResponse<String> response = gateway.get("/v1/books/1");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("middleware-instance")).hasValue("library-2");
            assertThat(response.headers().firstValue("middleware-fallback")).hasValue("secondary");
            assertThat(response.headers().firstValue("middleware-attempts")).hasValue("2");
        }
    }

    @Test
    void slowNewInstanceOfAServiceThatIsDescribed_leavesNotFoundAsItIs() throws IOException {
        try (LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
                ServerSocket silent = silent();
                HttpGateway gateway = new HttpGateway()) {
            gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(gateway.schemas()::settled);
            gateway.register("library-2", silent.getLocalPort(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);

            assertThat(gateway.get("/unmapped").statusCode()).isEqualTo(404);
            HttpResponse<String> noMethod = gateway.post("/library.v1.Library/Borrow", "{}");
            assertThat(noMethod.statusCode()).isEqualTo(404);
            assertThat(noMethod.body()).contains("library.v1.Library has no such method");
            assertThat(gateway.schemas().settled()).isFalse();
        }
    }

    @Test
    void slowNewService_isUnavailable_andMakesOtherPathsUnavailableForSecondsAndOnlyOnce() throws IOException {
        try (LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
                ServerSocket silent = silent();
                HttpGateway gateway = new HttpGateway()) {
            gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(gateway.schemas()::settled);

            gateway.directory().update("slow", List.of(slow("slow-1", silent)));
            assertThat(gateway.get("/unmapped").statusCode()).isEqualTo(503);
            assertThat(gateway.post("/slow.v1.Slow/Get", "{}").statusCode()).isEqualTo(503);
            assertThat(gateway.get("/slow.v1.Slow/Get").headers().firstValue("Allow"))
                    .hasValue("POST");
            assertThat(gateway.post("/library.v1.Library/Borrow", "{}").statusCode())
                    .isEqualTo(404);

            await().until(() -> gateway.get("/unmapped").statusCode() == 404);
            gateway.directory().update("slow", List.of(slow("slow-1", silent), slow("slow-2", silent)));
            assertThat(gateway.get("/unmapped").statusCode()).isEqualTo(404);
            assertThat(gateway.post("/slow.v1.Slow/Get", "{}").statusCode()).isEqualTo(503);
            assertThat(gateway.schemas().settled()).isFalse();
        }
    }

    /** Takes connections, and says nothing. */
    private static ServerSocket silent() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static Registration slow(String id, ServerSocket at) {
        return new Registration(
                id, "127.0.0.1", at.getLocalPort(), Pool.PRIMARY, 1, List.of("slow.v1.Slow"), false, true, 1, 1);
    }

    @Test
    void beforeTheRegistryHasSpoken_everythingIsUnavailable() {
        try (HttpGateway gateway = new HttpGateway()) {
            HttpResponse<String> response = gateway.get("/v1/books/1");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).contains("the registry has not said yet");
        }
    }
}
