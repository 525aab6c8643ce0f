package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.gateway.library.v1.Genre;
import java.net.http.HttpResponse;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls as clients send them that are generated after Google's conventions: with system parameters, and errors as of AIP-193. */
class GoogleClientTest {
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
    @CsvSource(
            delimiter = ' ',
            value = {
                "$alt=json;enum-encoding=int 2", "%24alt=json%3Benum-encoding%3Dint 2",
                        "dry_run=true&$alt=json;enum-encoding=int 2",
                "$alt=json \"POETRY\"", "$prettyPrint=false \"POETRY\"",
                        "$.xgafv=2&$key=k&$fields=a(b)&$callback=f \"POETRY\""
            })
    void systemParameters_areNoFields_andSayHowEnumsAreWritten(String query, String genre) {
        HttpResponse<String> response = gateway.post("/v1/shelves/7/books?" + query, "{\"genre\":\"POETRY\"}");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(json(response).get("genre")).isEqualTo(JsonParser.parseString(genre.replace("2", number())));
    }

    @Test
    void systemParameters_areTakenWhereTheBodyIsTheWholeMessage() {
        HttpResponse<String> response = gateway.json(
                "PATCH",
                "/v1/shelves/7/books/8?$alt=json;enum-encoding=int",
                "{\"book\":{\"genre\":" + number() + "}}");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(json(response).get("genre").getAsString()).isEqualTo(number());
    }

    @Test
    void prettyPrint_writesLines() {
        assertThat(gateway.get("/v1/books/1?$prettyPrint=true").body()).isEqualTo("{\n  \"name\": \"1\"\n}");
        assertThat(gateway.get("/v1/books/1?$prettyPrint=TRUE").body()).isEqualTo("{\n  \"name\": \"1\"\n}");
        assertThat(gateway.get("/v1/books/1?$prettyPrint=False").body()).isEqualTo("{\"name\":\"1\"}");
        assertThat(gateway.get("/v1/books/1?$prettyPrint=false").body()).isEqualTo("{\"name\":\"1\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/books/1?$alt=xml          | 400 | INVALID_ARGUMENT | query parameter $alt: xml (expected: json or json;enum-encoding=int)",
                "/v1/books/1?$alt=json&wrong=1 | 400 | INVALID_ARGUMENT | query parameter wrong: no field wrong in library.v1.GetBookRequest",
                "/nowhere?$alt=json            | 404 | NOT_FOUND        | no method and no HTTP mapping matches",
                "/v1/books/%E1?$alt=json       | 400 | INVALID_ARGUMENT | path %E1 (expected: percent-encoded UTF-8)"
            })
    void error_hasTheFormOfAip193_whereTheQuerySaysAlt(String path, int status, String name, String message) {
        HttpResponse<String> response = gateway.get(path);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonObject error = json(response).getAsJsonObject("error");
        assertThat(error.get("code").getAsInt()).isEqualTo(status);
        assertThat(error.get("status").getAsString()).isEqualTo(name);
        assertThat(error.get("message").getAsString()).startsWith(message);
        assertThat(response.headers().firstValue("x-call-id")).isPresent();
    }

    @Test
    void serversDetails_areJsonWhereTheirTypeIsOneOfGoogles() {
        HttpResponse<String> response = gateway.post(
                "/library.v1.Library/Fail",
                "{\"code\":5,\"message\":\"no such book\",\"details\":["
                        + "{\"@type\":\"type.googleapis.com/google.protobuf.Duration\",\"value\":\"1s\"},"
                        + "{\"@type\":\"type.googleapis.com/library.v1.Author\",\"lastName\":\"Paz\"}]}",
                "X-Goog-Api-Client",
                "gl-test/1");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(404);
        JsonObject error = json(response).getAsJsonObject("error");
        assertThat(error.get("status").getAsString()).isEqualTo("NOT_FOUND");
        assertThat(error.get("message").getAsString()).isEqualTo("no such book");
        JsonObject known = error.getAsJsonArray("details").get(0).getAsJsonObject();
        assertThat(known.get("value").getAsString()).isEqualTo("1s");
        JsonObject other = error.getAsJsonArray("details").get(1).getAsJsonObject();
        assertThat(other.get("@type").getAsString()).isEqualTo("type.googleapis.com/library.v1.Author");
        assertThat(Base64.getDecoder().decode(other.get("value").getAsString())).contains('P', 'a', 'z');
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/books/1?alt=json", "/v1/books/1?prettyPrint=true"})
    void parameterWithoutTheSign_isAField(String path) {
        assertThat(gateway.get(path).statusCode()).isEqualTo(400);
    }

    /** Of POETRY. */
    private static String number() {
        return Integer.toString(Genre.POETRY_VALUE);
    }

    private static JsonObject json(HttpResponse<String> response) {
        return JsonParser.parseString(response.body()).getAsJsonObject();
    }
}
