package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.gateway.library.v1.SearchBooksRequest;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that a strict parser does not like, byte by byte: they reach a server, or are refused in our own form. */
class OddRequestsTest {
    private static LibraryServer library;
    private static HttpGateway gateway;

    private record Response(int status, String head, String body) {
        JsonObject json() {
            return JsonParser.parseString(body).getAsJsonObject();
        }
    }

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
            quoteCharacter = '=',
            value = {
                "a|b a|b",
                "{a} {a}",
                "a^b a^b",
                "a`b a`b",
                "a\\b a\\b",
                "\"a\" \"a\"",
                "<a> <a>",
                "[a] [a]",
                "ä ä",
                "a;b a;b",
                "a:b a:b",
                "a%7Cb a|b",
                "%61 a",
                "a%2Fb a/b",
                "%7e ~",
                ".. ..",
                "%2E. ..",
                "a,b&d a,b&d",
                "1#part 1#part"
            })
    void oddCharactersInAPath_reachTheServer(String segment, String value) throws IOException {
        Response response = get("/v1/books/" + segment);

        assertThat(response.status).as(response.body).isEqualTo(200);
        assertThat(response.json().get("name").getAsString()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a|b", "{a}", "a^b", "a`b", "a\\b", "\"a\"", "<a>", "[a]", "ä", "a;b", "a=b", "a?b", "a/b", "a:b", "a@b"
            })
    void oddCharactersInAQuery_reachTheServer(String text) throws IOException {
        Response response = get("/v1/books:search?text=" + text);

        assertThat(response.status).as(response.body).isEqualTo(200);
        assertThat(JsonParser.parseString(response.body)
                        .getAsJsonArray()
                        .get(0)
                        .getAsJsonObject()
                        .get("title")
                        .getAsString())
                .isEqualTo(SearchBooksRequest.newBuilder().setText(text).build().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v%31/%62ooks/a", "/v1/books%3asearch?text=a", "/v1/books/%61", "http://example.com/v1/books/a"
            })
    void letterThatIsEncoded_isTheLetter(String target) throws IOException {
        assertThat(get(target).status).as("a %%3A is no colon").isEqualTo(target.contains("%3a") ? 404 : 200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/library%2Ev1%2ELibrary/Echo", "/library.v1.Library/Ech%6F", "/library.v1.Library/%45cho"})
    void letterThatIsEncodedInAMethod_isTheLetter(String path) throws IOException {
        assertThat(post(path, "{\"title\":\"a\"}").body).isEqualTo("{\"title\":\"a\"}");
        assertThat(post(path.replaceFirst("/E|/%45", "%2FE"), "{}").status)
                .as("an encoded slash is none")
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/v1/books:search?text=100% two", "/v1/books:search?text=%zz two", "/v1/books:search?%=a two",
                        "/v1/books/%zz two",
                "/v1/books/100% two", "/%4/a two", "/v1/books:search?text=%E1 UTF-8", "/v1/books/%C3 UTF-8",
                "/v1/books:search?=a field", "/v1/books:search?a[]=1 a[]", "/v1/books:search?text|=1 text|"
            })
    void whatCannotBeDecoded_isRefusedWithTheReasonAndACallId(String target, String reason) throws IOException {
        Response response = get(target);

        assertThat(response.status).as(response.body).isEqualTo(400);
        assertThat(response.json().get("code").getAsString()).isEqualTo("invalid_argument");
        assertThat(response.json().get("message").getAsString()).contains(reason, "expected");
        assertThat(response.head).contains("x-call-id: ", "middleware-gateway: gateway-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a|b",
                "//v1/books/1",
                "/v1//books/1",
                "/v1/books/1/",
                "/v1/./books/1",
                "/",
                "/?",
                "/a?b=c",
                "/[",
                "/%00"
            })
    void pathThatIsNone_isNotFoundInOurForm(String target) throws IOException {
        Response response = get(target);

        assertThat(response.status).as(response.body).isEqualTo(404);
        assertThat(response.json().get("detail").getAsString()).startsWith("no method and no HTTP mapping matches");
        assertThat(response.head).contains("x-call-id: ", "content-type: application/problem+json");
    }

    @Test
    void emptyPartsOfAQuery_sayNothing() throws IOException {
        assertThat(get("/v1/books:search?&text=a&&").status).isEqualTo(200);
        assertThat(get("/v1/books/1?").status).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /v1/books/1 HTTP/1.1 extra | Host: x                     | 400",
                "GET /v1/books/1 HTTP/1.1       | Host: x~Content-Length: ten | 400",
                "GET /v1/books/1 HTTP/1.1       | Host: x~: no name           | 400",
                "GET /v1/books/1 HTTP/1.1       | Host: x~no colon            | 400",
                "GET /v1/books/1 HTTP/1.1       | Host: a:b:c                 | 400",
                "GET /v1/books/1 HTTP/1.1       | Host: a b                   | 400",
                "GET /v1/books/1 HTTP/9.9       | Host: x                     | 400",
                "hello                          | Host: x                     | 400"
            })
    void whatIsNoHttp_isRefusedInOurForm(String line, String headers, int status) throws IOException {
        Response response = send(
                line + "\r\n" + headers.replace("~", "\r\n") + "\r\nX-Call-Id: odd-1\r\nConnection: close\r\n\r\n");

        assertThat(response.status).as(response.head).isEqualTo(status);
        assertThat(response.json().get("detail").getAsString()).isNotBlank();
        assertThat(response.head).contains("x-call-id: ", "middleware-gateway: gateway-1", "application/problem+json");
    }

    @Test
    void whatIsTooLong_isRefusedInOurForm() throws IOException {
        Response line = get("/v1/books/" + "a".repeat(6_000));
        assertThat(line.status).isEqualTo(414);
        assertThat(line.json().get("status").getAsInt()).isEqualTo(414);
        assertThat(line.head).contains("x-call-id: ");

        Response header = send("GET /v1/books/1 HTTP/1.1\r\nHost: x\r\nX-Call-Id: odd-2\r\nConnection: close\r\nA: "
                + "a".repeat(80_000) + "\r\n\r\n");
        assertThat(header.status).isEqualTo(431);
        assertThat(header.json().get("status").getAsInt()).isEqualTo(431);
        assertThat(header.head).contains("x-call-id: ");
    }

    @Test
    void chunkThatIsNone_isRefusedInOurForm() throws IOException {
        Response response =
                send("POST /library.v1.Library/Echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\nX-Call-Id: odd-3\r\n\r\nxyz\r\n{}\r\n");

        assertThat(response.status).isEqualTo(400);
        assertThat(response.head).contains("x-call-id: odd-3");
        assertThat(response.body).isNotBlank();
    }

    @Test
    void bodyWhereNoneIsMapped_isRefused() throws IOException {
        for (String framing :
                List.of("Content-Length: 2\r\n\r\n{}", "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")) {
            Response response = send("GET /v1/books/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + framing);

            assertThat(response.status).as(framing).isEqualTo(400);
            assertThat(response.json().get("message").getAsString()).contains("there is a body", "takes none");
        }
        assertThat(
                        send("GET /v1/books/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
                                .status)
                .as("a body without content")
                .isEqualTo(200);
        assertThat(send("GET /v1/books/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").status)
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/library.v1.Library/Echo      | POST, OPTIONS",
                "/v1/shelves/7/books/8         | GET, HEAD, PATCH, OPTIONS",
                "*                             | GET, HEAD, POST, OPTIONS"
            })
    void options_sayWhatAPathTakes_toAPreflightToo(String path, String allow) throws IOException {
        String preflight = "Origin: https://app.example\r\nAccess-Control-Request-Method: POST\r\n";
        for (String headers : List.of("", preflight)) {
            Response response =
                    send("OPTIONS " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n");

            assertThat(response.status).isEqualTo(200);
            assertThat(response.head)
                    .contains("x-call-id: ")
                    .doesNotContain("access-control")
                    .contains("allow: ");
            assertThat(response.head
                            .lines()
                            .filter(line -> line.startsWith("allow: "))
                            .toList()
                            .getFirst()
                            .substring(7)
                            .split(", "))
                    .containsExactlyInAnyOrder(allow.toLowerCase(Locale.ROOT).split(", "));
        }
    }

    @Test
    void originOfAnySort_isNoReasonToRefuse() throws IOException {
        for (String origin : List.of("https://app.example", "null", "not a url", "")) {
            assertThat(send("GET /v1/books/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: " + origin
                                    + "\r\n\r\n")
                            .status)
                    .as(origin)
                    .isEqualTo(200);
        }
        assertThat(send("OPTIONS /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").status)
                .isEqualTo(404);
    }

    @Test
    void pipelinedRequests_getResponsesInTheirOrder_theOddOneToo() throws IOException {
        Response all = send("GET /v1/books/a HTTP/1.1\r\nHost: x\r\n\r\nGET /v1/books/b|c HTTP/1.1\r\nHost: x\r\n\r\n"
                + "nonsense\r\n\r\n");

        assertThat(all.status).isEqualTo(200);
        assertThat(all.body)
                .containsSubsequence(
                        "{\"name\":\"a\"}",
                        "HTTP/1.1 200",
                        "{\"name\":\"b|c\"}",
                        "HTTP/1.1 400",
                        "application/problem+json");
    }

    private static Response post(String path, String json) throws IOException {
        return send("POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + json.length() + "\r\n\r\n" + json);
    }

    private static Response get(String target) throws IOException {
        return send("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }

    private static Response send(String request) throws IOException {
        try (Socket caller = new Socket("127.0.0.1", gateway.port())) {
            caller.setSoTimeout(10_000);
            caller.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            String all = new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = all.indexOf("\r\n\r\n");
            assertThat(end).as(all).isPositive();
            return new Response(
                    Integer.parseInt(all.substring(9, 12)),
                    all.substring(0, end).toLowerCase(Locale.ROOT),
                    all.substring(end + 4));
        }
    }
}
