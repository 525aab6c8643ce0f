package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.library.LibraryServer;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls by the {@code google.api.http} mappings of a service, through real sockets to a real gRPC server. */
class MappedCallTest {
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
    @CsvSource({
        "/v1/shelves/1/books/2,             shelves/1/books/2",
        "/v1/shelves/a%20b/books/c%2Fd,     shelves/a b/books/c%2Fd",
        "/v1/books/Ol%C3%A1,                Olá",
        "/v1/books/a%2Fb,                   a/b",
        "/v1/books/a+b,                     a+b"
    })
    void pathVariable_isDecoded(String path, String name) {
        HttpResponse<String> response = gateway.get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).get("name").getAsString()).isEqualTo(name);
    }

    @Test
    void utf8ThatTheCallerDidNotEncode_isTakenAsItIs() throws IOException {
        try (Socket caller = new Socket("127.0.0.1", gateway.port())) {
            caller.getOutputStream()
                    .write("GET /v1/books/Olá HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.UTF_8));

            assertThat(new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("{\"name\":\"Olá\"}");
        }
    }

    @Test
    void restOfThePath_isOneValueAndTheReplysFieldTheBody() {
        HttpResponse<String> response = gateway.get("/v1/files/a/b/c.txt");

        assertThat(response.body()).isEqualTo("\"a/b/c.txt\"");
        assertThat(gateway.get("/v1/files/").body()).isEqualTo("\"\"");
    }

    @Test
    void queryParameters_reachFieldsOfEveryKind() {
        HttpResponse<String> response = gateway.post("/library.v1.Library/SearchBooks", "{\"text\":\"nothing\"}");
        assertThat(json(response).has("books")).isFalse();

        HttpResponse<String> mapped = gateway.get("/v1/books:search?text=Ol%C3%A1+mundo&genres=POETRY&genres=3"
                + "&author.first_name=Ana&author.lastName=Paz&author.born=0&min_pages=5&published_after=2026-01-31T12:00:00Z"
                + "&max_age=1.5s&read_mask=title,author.firstName&ids=1&ids=9007199254740993&inStock=true&rating=4.5"
                + "&token=AAEC&limit=4294967295&ascending=title");

        assertThat(mapped.statusCode()).isEqualTo(200);
        JsonArray books = JsonParser.parseString(mapped.body()).getAsJsonArray();
        assertThat(books.get(0).getAsJsonObject().get("title").getAsString().lines())
                .contains(
                        "genres: POETRY",
                        "genres: SCIENCE",
                        "ids: 1",
                        "ids: 9007199254740993",
                        "in_stock: true",
                        "rating: 4.5",
                        "token: \"\\000\\001\\002\"",
                        "limit: 4294967295",
                        "ascending: \"title\"",
                        "  first_name: \"Ana\"",
                        "  last_name: \"Paz\"",
                        "  born: 0",
                        "  value: 5",
                        "  seconds: 1769860800",
                        "  nanos: 500000000",
                        "  paths: \"title\"",
                        "  paths: \"author.first_name\"");
    }

    @Test
    void emptyRepeatedFieldAsBodyOfTheResponse_isAnEmptyArray() {
        assertThat(gateway.get("/v1/books:search?text=nothing").body()).isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/books:search?titel=a              | query parameter titel: no field titel in library.v1.SearchBooksRequest",
                "/v1/books:search?author.age=1         | query parameter author.age: no field age in library.v1.Author",
                "/v1/books:search?text=a&text=b        | query parameter text: it is given twice (expected: once)",
                "/v1/books:search?limit=-1             | field limit: \"-1\" (expected: uint32)",
                "/v1/books:search?genres=CRIME         | field genres[0]: \"CRIME\" (expected: one of GENRE_UNSPECIFIED",
                "/v1/books:search?in_stock=yes         | field inStock: \"yes\" (expected: true or false)",
                "/v1/books:search?labels=a             | query parameter labels: it is a map",
                "/v1/books:search?author=a             | query parameter author: it is a message (expected: after a dot one of firstName",
                "/v1/books:search?text=%E1             | query parameter %E1 (expected: percent-encoded UTF-8)",
                "/v1/books:search?ascending=a&descending=b | field descending: ascending is given too (expected: at most one field of the oneof order)",
                "/v1/books/1?name=2                    | query parameter name: it is given by the path or the body already"
            })
    void badQuery_isRefusedWithTheExpectedForm(String path, String message) {
        HttpResponse<String> response = gateway.get(path);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(json(response).get("code").getAsString()).isEqualTo("invalid_argument");
        assertThat(json(response).get("message").getAsString()).startsWith(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE"})
    void pathThatIsNotUtf8_isRefused_whateverTheVerb(String verb) {
        HttpResponse<String> response =
                gateway.send(gateway.request("/v1/books/%E1").method(verb, BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).get("message").getAsString()).isEqualTo("path %E1 (expected: percent-encoded UTF-8)");
    }

    @Test
    void bodyOfOneField_isJoinedByPathAndQuery() {
        HttpResponse<String> response =
                gateway.post("/v1/shelves/7/books?dry_run=true", "{\"title\":\"New\",\"cents\":5}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .isEqualTo("{\"name\":\"shelves/7/books/1\",\"title\":\"New\",\"tags\":[\"dry\"],\"cents\":\"5\"}");
    }

    @Test
    void bodyOfTheWholeMessage_isOverriddenByThePath() {
        HttpResponse<String> response = gateway.json(
                "PATCH",
                "/v1/shelves/7/books/8",
                "{\"book\":{\"name\":\"other\",\"title\":\"T\"},\"updateMask\":\"title\"}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"name\":\"shelves/7/books/8\",\"title\":\"T\",\"tags\":[\"title\"]}");
    }

    @Test
    void bodyOfARepeatedField_isAnArray() {
        assertThat(gateway.json("PUT", "/v1/books/b/tags", "[\"x\",\"y\"]").body())
                .isEqualTo("{\"name\":\"b\",\"tags\":[\"x\",\"y\"]}");
        assertThat(json(gateway.json("PUT", "/v1/books/b/tags", "[\"x\"],\"name\":\"c\""))
                        .get("message")
                        .getAsString())
                .startsWith("the body is not JSON");
    }

    @Test
    void noBody_leavesItsFieldUnset() {
        HttpResponse<String> response =
                gateway.send(gateway.request("/v1/books/b/tags").PUT(BodyPublishers.noBody()));

        assertThat(response.body()).isEqualTo("{\"name\":\"b\"}");
    }

    @Test
    void bodyOfAnotherType_is415() {
        HttpResponse<String> response = gateway.json("PUT", "/v1/books/b/tags", "x", "Content-Type", "text/plain");

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(response.headers().firstValue("accept-post")).hasValue("application/json");
    }

    @Test
    void head_isAGetWithoutTheBody() {
        HttpResponse<String> response =
                gateway.send(gateway.request("/v1/books/1").HEAD());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().firstValue("content-length")).hasValue("12");
        assertThat(response.headers().firstValue("middleware-instance")).hasValue("library-1");
    }

    @Test
    void otherVerb_is405WithTheVerbsThatThePathTakes() {
        HttpResponse<String> response =
                gateway.send(gateway.request("/v1/shelves/7/books/8").DELETE());

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow").orElseThrow().split(", "))
                .containsExactlyInAnyOrder("GET", "HEAD", "PATCH");
    }

    @Test
    void announcedDeadline_holdsForMappingsToo() {
        HttpResponse<String> response = gateway.send(
                gateway.request("/v1/books/1").header("Connect-Timeout-Ms", "0").GET());

        assertThat(response.statusCode()).isEqualTo(504);
    }

    private static JsonObject json(HttpResponse<String> response) {
        return JsonParser.parseString(response.body()).getAsJsonObject();
    }
}
