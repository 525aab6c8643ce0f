package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.gson.JsonObject;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.library.DescribedServer;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.gateway.openapi.OpenApiCheck;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The OpenAPI documents and the page, through real sockets and in front of real gRPC servers. */
class DocumentsTest {
    private static LibraryServer library;
    private static HttpGateway gateway;

    @BeforeAll
    static void start() {
        library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
        gateway = new HttpGateway().register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
        await().until(gateway.schemas()::settled);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        library.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openapi.json", "/openapi/library.v1.Library.json"})
    void document_isValid_andHasTheMethods(String path) {
        HttpResponse<String> response = gateway.get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(OpenApiCheck.valid(response.body()).getAsJsonObject("paths").keySet())
                .contains("/library.v1.Library/Echo", "/v1/books/{name}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/openapi/none.json",
                "/openapi/.json",
                "/openapi/",
                "/openapi",
                "/openapi.yaml",
                "/api/none",
                "/apis",
                "/api/../openapi"
            })
    void otherPaths_areNone(String path) {
        HttpResponse<String> response = gateway.get(path);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).contains("no method and no HTTP mapping matches");
    }

    @Test
    void documentThatTheCallerHas_isNotSentAgain() {
        String tag = gateway.get("/openapi.json").headers().firstValue("etag").orElseThrow();

        HttpResponse<String> same =
                gateway.send(gateway.request("/openapi.json").header("If-None-Match", "\"x\", " + tag));
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(same.headers().firstValue("etag")).contains(tag);
        assertThat(gateway.send(gateway.request("/openapi.json").header("If-None-Match", "W/\"x\""))
                        .statusCode())
                .isEqualTo(200);
        // on the same connection
        assertThat(gateway.get("/v1/books/1").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"gzip | true", "br, GZIP;q=0.5 | true", "gzip;q=0 | false", "gzip; q=0.0 | false", "br | false"})
    void document_isCompressedForThoseWhoTakeThat(String accepted, boolean zipped) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> response = client.send(
                    gateway.request("/openapi.json")
                            .header("Accept-Encoding", accepted)
                            .build(),
                    BodyHandlers.ofByteArray());

            assertThat(response.headers().firstValue("content-encoding").isPresent())
                    .isEqualTo(zipped);
            assertThat(response.headers().firstValue("vary")).contains("Accept-Encoding");
            byte[] plain = zipped
                    ? new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes()
                    : response.body();
            assertThat(new String(plain, StandardCharsets.UTF_8))
                    .isEqualTo(gateway.get("/openapi.json").body());
        }
    }

    @Test
    void verbs() {
        HttpResponse<String> head =
                gateway.send(gateway.request("/openapi.json").method("HEAD", BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        HttpResponse<String> options =
                gateway.send(gateway.request("/api/").method("OPTIONS", BodyPublishers.noBody()));
        assertThat(options.headers().firstValue("allow")).contains("GET, HEAD, OPTIONS");
        assertThat(gateway.post("/openapi.json", "{}").statusCode()).isEqualTo(405);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/,                               text/html; charset=utf-8,       start.js",
        "/api/start.js,                       text/javascript; charset=utf-8, services.json",
        "/api/swagger-ui.css,                 text/css; charset=utf-8,        .swagger-ui",
        "/api/swagger-ui-bundle.js,           text/javascript; charset=utf-8, SwaggerUIBundle",
        "/api/swagger-ui-standalone-preset.js, text/javascript; charset=utf-8, SwaggerUIStandalonePreset",
        "/api/favicon.png,                    image/png,                      PNG",
        "/api/services.json,                  application/json,               library.v1.Library"
    })
    void page_consistsOfItsFiles(String path, String contentType, String part) {
        HttpResponse<String> response = gateway.get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains(contentType);
        assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(response.body()).contains(part);
    }

    @Test
    void pageWithoutASlash_leadsToThePage_behindAnyPrefix() {
        HttpResponse<String> response = gateway.get("/api");

        assertThat(response.statusCode()).isEqualTo(308);
        assertThat(response.headers().firstValue("location")).contains("api/");
    }

    @Test
    void changedService_changesTheDocument() throws Exception {
        try (HttpGateway changing = new HttpGateway();
                DescribedServer one = shop(HttpRule.newBuilder().setGet("/one"));
                DescribedServer two = shop(HttpRule.newBuilder().setGet("/two"))) {
            changing.register("shop-1", one.port(), Pool.PRIMARY, "shop.Shop");
            await().until(() -> paths(changing).contains("/one"));
            String tag =
                    changing.get("/openapi.json").headers().firstValue("etag").orElseThrow();

            changing.register("shop-1", two.port(), Pool.PRIMARY, "shop.Shop");

            await().until(() -> paths(changing).contains("/two"));
            assertThat(changing.get("/openapi.json")
                            .headers()
                            .firstValue("etag")
                            .orElseThrow())
                    .isNotEqualTo(tag);
        }
    }

    /** {@code hidden}: what the mapping takes from the gateway; {@code kept}: what it does not. */
    @ParameterizedTest
    @CsvSource({
        "/openapi.json,          /openapi.json,           /openapi/shop.Shop.json",
        "/openapi/{name},        /openapi/shop.Shop.json, /openapi.json",
        "/api/{name},            /api/,                   /openapi.json",
        "/api/swagger-ui.css,    /api/swagger-ui-bundle.js, /openapi.json",
        "/api,                   /api,                    /api/",
        "/{name=**},             /openapi.json,           /shop.Shop/None"
    })
    void mappingOfAService_wins(String mapped, String hidden, String kept) throws Exception {
        try (HttpGateway taken = new HttpGateway();
                DescribedServer server = shop(HttpRule.newBuilder().setGet(mapped))) {
            taken.register("shop-1", server.port(), Pool.PRIMARY, "shop.Shop");
            await().until(() -> !taken.schemas().schema().methods().isEmpty());

            assertThat(gatewaysOwn(taken.get(hidden))).isFalse();
            assertThat(gatewaysOwn(taken.get(kept))).isEqualTo(!kept.equals("/shop.Shop/None"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openapi.json", "/openapi/library.v1.Library.json", "/api", "/api/", "/api/start.js"})
    void nothingIsDescribed_whereCallersMayNotKnowMethods(String path) {
        try (HttpGateway silent = new HttpGateway(false)) {
            silent.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(silent.schemas()::settled);

            assertThat(silent.get(path).statusCode()).isEqualTo(404);
        }
    }

    private static boolean gatewaysOwn(HttpResponse<String> response) {
        return response.headers().firstValue("etag").isPresent() || response.statusCode() == 308;
    }

    private static String paths(HttpGateway of) {
        JsonObject document = OpenApiCheck.valid(of.get("/openapi.json").body());
        return document.getAsJsonObject("paths").keySet().toString();
    }

    private static DescribedServer shop(HttpRule.Builder rule) {
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("shop.proto")
                .setPackage("shop")
                .addDependency("google/api/annotations.proto")
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("Item")
                        .addField(FieldDescriptorProto.newBuilder()
                                .setName("name")
                                .setNumber(1)
                                .setType(FieldDescriptorProto.Type.TYPE_STRING)))
                .addService(ServiceDescriptorProto.newBuilder()
                        .setName("Shop")
                        .addMethod(MethodDescriptorProto.newBuilder()
                                .setName("Get")
                                .setInputType(".shop.Item")
                                .setOutputType(".shop.Item")
                                .setOptions(
                                        MethodOptions.newBuilder().setExtension(AnnotationsProto.http, rule.build()))))
                .build();
        return new DescribedServer()
                .describe(file, "shop.Shop", "shop.Item")
                .answer("shop.Shop/Get", request -> request);
    }
}
