package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Duration;
import com.google.rpc.RetryInfo;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.gateway.library.v1.Book;
import io.middleware.gateway.library.v1.WaitRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Calls by Connect's protocol, through real sockets to a real gRPC server whose descriptors come by reflection. */
@ExtendWith(OutputCaptureExtension.class)
class JsonCallTest {
    private static final String ECHO = "/library.v1.Library/Echo";
    private static final String FAIL = "/library.v1.Library/Fail";
    private static final String WAIT = "/library.v1.Library/Wait";

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

    @Test
    void json_goesThereAndBackInEveryKindOfField() {
        String book = "{\"name\":\"a\",\"title\":\"Olá, 世界 🌍\",\"genre\":\"POETRY\",\"tags\":[\"x\",\"y\"],"
                + "\"stock\":{\"here\":3},"
                + "\"published\":\"2026-01-31T12:00:00Z\",\"pages\":12,"
                + "\"author\":{\"firstName\":\"Ana\",\"born\":0,\"friends\":[{\"lastName\":\"Li\"}]},"
                + "\"cents\":\"9007199254740993\",\"cover\":\"AAEC\",\"weight\":1.5,"
                + "\"extra\":{\"@type\":\"type.googleapis.com/library.v1.Author\",\"lastName\":\"Paz\"},"
                + "\"attributes\":{\"any\":[1.0,true,null]}}";

        HttpResponse<String> response = gateway.post(ECHO, book);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(JsonParser.parseString(response.body())).isEqualTo(JsonParser.parseString(book));
        assertThat(response.body()).contains("Olá, 世界 🌍");
    }

    @Test
    void response_saysWhichInstanceGaveIt() {
        HttpResponse<String> response = gateway.post(ECHO, "{}", "X-Call-Id", "abc-1");

        assertThat(response.body()).isEqualTo("{}");
        assertThat(response.headers().firstValue("middleware-instance")).hasValue("library-1");
        assertThat(response.headers().firstValue("middleware-attempts")).hasValue("1");
        assertThat(response.headers().firstValue("middleware-gateway")).hasValue("gateway-1");
        assertThat(response.headers().firstValue("middleware-fallback")).isEmpty();
        assertThat(response.headers().firstValue("x-call-id")).hasValue("abc-1");
        assertThat(response.headers().firstValue("call-id-seen")).hasValue("abc-1");
    }

    @Test
    void callId_isMadeWhereTheCallerGaveNone() {
        HttpResponse<String> response = gateway.post(ECHO, "{}");

        assertThat(response.headers().firstValue("x-call-id")).get().asString().matches("[0-9a-f]{16}");
        assertThat(response.headers().firstValue("call-id-seen"))
                .isEqualTo(response.headers().firstValue("x-call-id"));
    }

    @Test
    void metadata_passesBothWays_butNotWhatConcernsTheConnection() {
        String binary = Base64.getEncoder().withoutPadding().encodeToString(new byte[] {0, (byte) 0xff, 7, 1});

        HttpResponse<String> response = gateway.post(
                ECHO,
                "{}",
                "Echo",
                "hello",
                "Echo-Bin",
                binary,
                "Authorization",
                "Bearer x",
                "Connect-Protocol-Version",
                "1",
                "Accept",
                "text/html",
                "Accept-Encoding",
                "gzip",
                "Grpc-Timeout",
                "1n");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("echo-seen")).hasValue("hello");
        assertThat(response.headers().firstValue("trailer-echo")).hasValue("hello");
        assertThat(Base64.getDecoder()
                        .decode(response.headers().firstValue("echo-seen-bin").orElseThrow()))
                .containsExactly(0, 0xff, 7, 1);
        assertThat(response.headers().firstValue("headers-seen").orElseThrow().split(" "))
                .contains("authorization", "user-agent")
                .doesNotContain(
                        "connect-protocol-version",
                        "accept",
                        "accept-encoding",
                        "host",
                        "content-length",
                        "http2-settings",
                        "connection",
                        "upgrade");
        assertThat(response.headers().map().keySet()).noneMatch(name -> name.contains("grpc-"));
    }

    @Test
    void serializedMessages_passAsTheyAre() throws Exception {
        Book book = Book.newBuilder().setTitle("Olá").build();

        HttpResponse<byte[]> response = bytes(gateway.request(ECHO)
                .header("Content-Type", "application/proto")
                .POST(BodyPublishers.ofByteArray(book.toByteArray())));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/proto");
        assertThat(Book.parseFrom(response.body())).isEqualTo(book);
    }

    @Test
    void error_comesInConnectsFormWithItsDetails() {
        RetryInfo detail = RetryInfo.newBuilder()
                .setRetryDelay(Duration.newBuilder().setSeconds(30))
                .build();

        HttpResponse<String> response = gateway.post(
                FAIL,
                "{\"code\":8,\"message\":\"não há mais: 100%\",\"details\":"
                        + "[{\"@type\":\"type.googleapis.com/library.v1.WaitRequest\",\"time\":\"30s\"}]}",
                "Echo",
                "hello");

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(response.headers().firstValue("trailer-echo")).hasValue("hello");
        assertThat(response.headers().firstValue("middleware-instance")).hasValue("library-1");
        JsonObject error = json(response);
        assertThat(error.get("code").getAsString()).isEqualTo("resource_exhausted");
        assertThat(error.get("message").getAsString()).isEqualTo("não há mais: 100%");
        JsonObject only = error.getAsJsonArray("details").get(0).getAsJsonObject();
        assertThat(only.get("type").getAsString()).isEqualTo("library.v1.WaitRequest");
        assertThat(Base64.getDecoder().decode(only.get("value").getAsString()))
                .isEqualTo(WaitRequest.newBuilder()
                        .setTime(detail.getRetryDelay())
                        .build()
                        .toByteArray());
    }

    @Test
    void detailsOfGooglesTypes_areReadableToo() {
        HttpResponse<String> response = gateway.post(
                FAIL,
                "{\"code\":8,\"details\":"
                        + "[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"30s\"}]}");

        JsonObject detail = json(response).getAsJsonArray("details").get(0).getAsJsonObject();
        assertThat(detail.get("type").getAsString()).isEqualTo("google.rpc.RetryInfo");
        assertThat(detail.get("value").getAsString()).isEqualTo("CgIIHg");
        assertThat(detail.get("debug")).hasToString("{\"retryDelay\":\"30s\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "1,499,canceled",
        "2,500,unknown",
        "3,400,invalid_argument",
        "4,504,deadline_exceeded",
        "5,404,not_found",
        "6,409,already_exists",
        "7,403,permission_denied",
        "8,429,resource_exhausted",
        "9,400,failed_precondition",
        "10,409,aborted",
        "11,400,out_of_range",
        "12,501,unimplemented",
        "13,500,internal",
        "14,503,unavailable",
        "15,500,data_loss",
        "16,401,unauthenticated"
    })
    void codeOfTheServer_becomesItsHttpStatus(int code, int status, String name) {
        HttpResponse<String> response = gateway.post(FAIL, "{\"code\":" + code + "}");

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).get("code").getAsString()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                        | the body is empty (expected: a JSON object, {} at least)",
                "nonsense                                  | the body is not JSON at line 1 column 1 (expected: one JSON value)",
                "{\"title\":\"a\"                          | the body is cut short at line 1 column 13 (expected: one JSON value)",
                "{\"title\":\"a\"} x                       | the body is not JSON at line 1 column 16 (expected: one JSON value)",
                "[1]                                       | the body: [1] (expected: an object)",
                "{\"titel\":\"a\"}                         | unknown field titel in library.v1.Book (expected: name, title, genre, tags, "
                        + "stock, published, pages, author, cents, free, cover, weight, extra, attributes)",
                "{\"author\":{\"friends\":[{},{\"born\":\"z\"}]}} | field author.friends[1].born: \"z\" (expected: int32)",
                "{\"author\":{\"friend\":1}}               | unknown field author.friend in library.v1.Author (expected: firstName, "
                        + "lastName, born, friends)",
                "{\"author\":7}                            | field author: 7 (expected: an object)",
                "{\"genre\":\"CRIME\"}                     | field genre: \"CRIME\" (expected: one of GENRE_UNSPECIFIED, FICTION, "
                        + "POETRY, SCIENCE)",
                "{\"tags\":\"x\"}                          | field tags: \"x\" (expected: an array)",
                "{\"tags\":[\"x\",null]}                   | field tags[1]: null (expected: a string)",
                "{\"tags\":[[]]}                           | field tags[0]: [] (expected: a string)",
                "{\"stock\":{\"a\":1,\"b\":\"x\"}}         | field stock[b]: \"x\" (expected: int32)",
                "{\"published\":\"yesterday\"}             | field published: \"yesterday\" (expected: a time like "
                        + "\"2026-01-31T12:00:00Z\")",
                "{\"pages\":\"many\"}                      | field pages: \"many\" (expected: int32)",
                "{\"cents\":1.5}                           | field cents: 1.5 (expected: int64)",
                "{\"cents\":1,\"free\":true}               | field free: cents is given too (expected: at most one field of the oneof price)",
                "{\"cover\":\"***\"}                       | field cover: \"***\" (expected: base64)",
                "{\"extra\":{\"@type\":\"x/y.Z\"}}         | field extra: {\"@type\":\"x/y.Z\"} (expected: an object with \"@type\" of a "
                        + "known message)"
            })
    void badJson_isRefusedWithTheExpectedForm(String json, String message) {
        HttpResponse<String> response = gateway.post(ECHO, json);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).get("code").getAsString()).isEqualTo("invalid_argument");
        assertThat(json(response).get("message").getAsString()).isEqualTo(message);
    }

    @Test
    void jsonThatIsNotUtf8_isRefused() throws Exception {
        HttpResponse<byte[]> response = bytes(gateway.request(ECHO)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray("{\"title\":\"Olá\"}".getBytes(StandardCharsets.ISO_8859_1))));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("not valid UTF-8");
    }

    @Test
    void deeplyNestedJson_isRefused() {
        HttpResponse<String> response =
                gateway.post(ECHO, "{\"attributes\":{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).get("message").getAsString()).startsWith("the body is nested too deep");
    }

    @Test
    void messageInTooManyMessages_isRefused() {
        HttpResponse<String> response = gateway.post(
                ECHO, "{\"author\":{\"friends\":[" + "{\"friends\":[".repeat(110) + "]}".repeat(110) + "]}}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).get("message").getAsString())
                .isEqualTo("the body is nested too deep (expected: at most 100 messages in each other)");
    }

    @Test
    void largeBadJson_isRefusedByTheFieldThatIsWrong() {
        HttpResponse<String> response = gateway.post(ECHO, "{\"titel\":\"" + "a".repeat(1 << 20) + "\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).get("message").getAsString()).startsWith("unknown field titel in library.v1.Book");
    }

    @Test
    void callerThatGoesAwayInTheMiddleOfItsBody_leavesNothingInTheLog(CapturedOutput output) throws Exception {
        try (HttpGateway own = new HttpGateway()) {
            own.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(own.schemas()::settled);
            try (Socket caller = new Socket("127.0.0.1", own.port())) {
                caller.getOutputStream()
                        .write(("POST " + ECHO + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                        + "Content-Length: 100\r\n\r\n{")
                                .getBytes(StandardCharsets.US_ASCII));
                await().until(() -> own.connections() == 1);
            }
            await().until(() -> own.connections() == 0);
        }

        assertThat(output).doesNotContain("ERROR", "Exception");
    }

    @Test
    void messageOfTwoMegabytes_passes() {
        String title = "ã".repeat(1 << 20);

        HttpResponse<String> response = gateway.post(ECHO, "{\"title\":\"" + title + "\"}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).get("title").getAsString()).isEqualTo(title);
    }

    @Test
    void messageAboveTheLimit_isRefused() {
        HttpResponse<String> response = gateway.post(ECHO, "{\"title\":\"" + "a".repeat(HttpGateway.LARGEST) + "\"}");

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(json(response).get("code").getAsString()).isEqualTo("resource_exhausted");
        assertThat(json(response).get("message").getAsString()).contains("expected: at most 4194304 bytes");
    }

    @Test
    void messageAboveTheLimitOfUnknownLength_isRefused() throws Exception {
        byte[] body = ("{\"title\":\"" + "a".repeat(HttpGateway.LARGEST) + "\"}").getBytes(StandardCharsets.UTF_8);

        HttpResponse<byte[]> response = bytes(gateway.request(ECHO)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body))));

        assertThat(response.statusCode()).isEqualTo(429);
    }

    @Test
    void gzippedBody_isTaken() throws Exception {
        HttpResponse<byte[]> response = bytes(gateway.request(ECHO)
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(gzip("{\"title\":\"small\"}"))));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo("{\"title\":\"small\"}");
    }

    @Test
    void gzippedBodyOfManyMembers_isTaken() throws Exception {
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        byte[] none = gzip("");
        for (int i = 0; i < 20_000; i++) {
            members.writeBytes(none);
        }
        members.writeBytes(gzip("{\"title\":\"late\"}"));

        HttpResponse<byte[]> response = bytes(gateway.request(ECHO)
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(members.toByteArray())));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo("{\"title\":\"late\"}");
    }

    @Test
    void gzippedBodyThatUnfoldsAboveTheLimit_isRefused() throws Exception {
        byte[] bomb = gzip("{\"title\":\"" + "a".repeat(2 * HttpGateway.LARGEST) + "\"}");

        HttpResponse<byte[]> response = bytes(gateway.request(ECHO)
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(bomb)));

        assertThat(bomb.length).isLessThan(HttpGateway.LARGEST);
        assertThat(response.statusCode()).isEqualTo(429);
    }

    @Test
    void unknownContentEncoding_isUnimplemented_andTheErrorNamesThoseTaken() {
        HttpResponse<String> response = gateway.post(ECHO, "{}", "Content-Encoding", "br");

        assertThat(response.statusCode()).isEqualTo(501);
        assertThat(json(response).get("message").getAsString())
                .isEqualTo("Content-Encoding: br (expected: identity or gzip)");
    }

    @Test
    void contentType_withCharsetIsTaken() {
        assertThat(gateway.post(ECHO, "{}", "Content-Type", "application/json; charset=UTF-8")
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Type", "Accept-Encoding", "Accept"})
    void headerOfSeparatorsOnly_isNoFaultOfTheGateway(String header) {
        for (String value : List.of(";", ";;", ",", ";,;")) {
            HttpRequest.Builder request = gateway.request(ECHO)
                    .POST(BodyPublishers.ofString("{}"))
                    .setHeader("Content-Type", "application/json")
                    .setHeader(header, value);

            assertThat(gateway.send(request).statusCode())
                    .as(header + ": " + value)
                    .isEqualTo(header.equals("Content-Type") ? 415 : 200);
        }
    }

    @Test
    void otherContentType_is415_andTheErrorNamesThoseTaken() {
        HttpResponse<String> response =
                gateway.post(ECHO, "title=a", "Content-Type", "application/x-www-form-urlencoded");

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(response.headers().firstValue("accept-post")).hasValue("application/json, application/proto");
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(json(response).get("detail").getAsString())
                .isEqualTo(
                        "Content-Type application/x-www-form-urlencoded (expected: application/json, application/proto)");
    }

    @Test
    void otherVersionOfTheProtocol_isRefused() {
        HttpResponse<String> response = gateway.post(ECHO, "{}", "Connect-Protocol-Version", "2");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).get("message").getAsString()).isEqualTo("Connect-Protocol-Version: 2 (expected: 1)");
    }

    @Test
    void deadlineThatPasses_isDeadlineExceeded() {
        HttpResponse<String> response = gateway.post(WAIT, "{\"time\":\"60s\"}", "Connect-Timeout-Ms", "50");

        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(json(response).get("code").getAsString()).isEqualTo("deadline_exceeded");
        assertThat(json(response).get("message").getAsString()).contains("library-1", "no answer before the deadline");
    }

    @Test
    void timeoutThatIsNone_isRefused() {
        HttpResponse<String> response = gateway.post(WAIT, "{}", "Connect-Timeout-Ms", "soon");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).get("message").getAsString())
                .isEqualTo("Connect-Timeout-Ms: soon (expected: milliseconds, at most 10 digits)");
    }

    @Test
    void callerThatGoesAway_cancelsTheCall() throws Exception {
        try (LibraryServer own = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
                HttpGateway ownGateway = new HttpGateway()) {
            ownGateway.register("library-1", own.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            await().until(ownGateway.schemas()::settled);
            HttpClient caller = HttpClient.newHttpClient();
            CompletableFuture<HttpResponse<String>> response = caller.sendAsync(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ownGateway.port() + WAIT))
                            .version(HttpClient.Version.HTTP_1_1)
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString("{\"time\":\"600s\"}"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(own.awaitWaiting()).isTrue();
            response.cancel(true);
            caller.shutdownNow();

            assertThat(own.awaitCancelled()).isTrue();
        }
    }

    @Test
    void streamingMethodByConnectsStream_isUnimplementedInTheFormOfAStream() throws Exception {
        HttpResponse<byte[]> response = bytes(gateway.request("/library.v1.Library/WatchBooks")
                .header("Content-Type", "application/connect+json")
                .POST(BodyPublishers.ofByteArray(new byte[] {0, 0, 0, 0, 2, '{', '}'})));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/connect+json");
        assertThat(response.body()).startsWith(2, 0, 0, 0, response.body().length - 5);
        JsonObject end = JsonParser.parseString(
                        new String(response.body(), 5, response.body().length - 5, StandardCharsets.UTF_8))
                .getAsJsonObject();
        assertThat(end.getAsJsonObject("error").get("code").getAsString()).isEqualTo("unimplemented");
    }

    @Test
    void getOfAMethod_is405WithPostAllowed() {
        HttpResponse<String> response = gateway.get(ECHO);

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow")).hasValue("POST");
        assertThat(response.headers().firstValue("x-call-id")).isPresent();
        assertThat(json(response).get("detail").getAsString()).isEqualTo(ECHO + " does not take GET (expected: POST)");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /nowhere,                   application/json,         ,  404",
        "POST, /library.v1.Library/Burn,   application/proto,        ,  404",
        "POST, /nowhere.v1.Service/Method, application/connect+json, ,  404",
        "GET,  /library.v1.Library/Echo,   ,                         1, 405",
        "PUT,  /library.v1.Library/Echo,   application/json,         1, 405",
        "POST, /v1/books/1,                application/json,         ,  405",
        "POST, /library.v1.Library/Echo,   text/plain,               1, 415",
        "POST, /library.v1.Library/Echo,   application/json; charset=latin1, , 415"
    })
    void callerWhoSpeaksConnect_getsAConnectError_ofHttpsOwnKindsToo(
            String verb, String path, String type, String version, int status) {
        HttpRequest.Builder request = gateway.request(path).method(verb, BodyPublishers.ofString("{}"));
        if (type != null) {
            request.header("Content-Type", type);
        }
        if (version != null) {
            request.header("Connect-Protocol-Version", version);
        }
        HttpResponse<String> response = gateway.send(request);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(json(response).get("code").getAsString()).isEqualTo(status == 404 ? "unimplemented" : "unknown");
        assertThat(json(response).get("message").getAsString()).isNotBlank();
        assertThat(response.headers().firstValue("allow").isPresent()).isEqualTo(status == 405);
        assertThat(response.headers().firstValue("accept-post").isPresent()).isEqualTo(status == 415);
    }

    @Test
    void unknownPath_isAProblemThatNamesWhatThereIs() {
        HttpResponse<String> response = gateway.get("/nowhere?x=1");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(response.headers().firstValue("middleware-gateway")).hasValue("gateway-1");
        JsonObject problem = json(response);
        assertThat(problem.keySet())
                .isEqualTo(new java.util.LinkedHashSet<>(List.of("type", "title", "status", "detail", "instance")));
        assertThat(problem.get("type").getAsString()).isEqualTo("about:blank");
        assertThat(problem.get("title").getAsString()).isEqualTo("Not Found");
        assertThat(problem.get("status").getAsInt()).isEqualTo(404);
        assertThat(problem.get("instance").getAsString()).isEqualTo("/nowhere");
        assertThat(problem.get("detail").getAsString()).contains("library.v1.Library", "GET /v1/books:search");
    }

    @Test
    void unknownMethodOfAKnownService_isAnErrorThatNamesItsMethods() {
        HttpResponse<String> response = gateway.post("/library.v1.Library/Burn", "{}");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(json(response).get("code").getAsString()).isEqualTo("unimplemented");
        assertThat(json(response).get("message").getAsString())
                .startsWith("library.v1.Library has no such method (it has: CreateBook, Echo,");
    }

    @Test
    void hundredsOfCallsAtOnce_eachGetItsOwnResponse() {
        HttpClient caller = HttpClient.newHttpClient();
        List<CompletableFuture<HttpResponse<String>>> responses = java.util.stream.IntStream.range(0, 300)
                .mapToObj(i -> caller.sendAsync(
                        gateway.request(ECHO)
                                .version(HttpClient.Version.HTTP_1_1)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"title\":\"" + i + "\"}"))
                                .build(),
                        BodyHandlers.ofString()))
                .toList();

        for (int i = 0; i < responses.size(); i++) {
            assertThat(responses.get(i).orTimeout(20, TimeUnit.SECONDS).join().body())
                    .isEqualTo("{\"title\":\"" + i + "\"}");
        }
        caller.close();
    }

    private static HttpResponse<byte[]> bytes(HttpRequest.Builder request) throws IOException, InterruptedException {
        try (HttpClient caller = HttpClient.newHttpClient()) {
            return caller.send(request.build(), BodyHandlers.ofByteArray());
        }
    }

    private static JsonObject json(HttpResponse<String> response) {
        return JsonParser.parseString(response.body()).getAsJsonObject();
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
