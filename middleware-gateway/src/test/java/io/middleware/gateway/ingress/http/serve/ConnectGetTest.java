package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.gateway.library.v1.Book;
import io.middleware.gateway.library.v1.GetBookRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** Connect's {@code GET} for methods without side effects. */
class ConnectGetTest {
    private static final String GET_BOOK = "/library.v1.Library/GetBook";

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
    @ValueSource(
            strings = {
                "connect=v1&encoding=json&message=%7B%22name%22%3A%22Ol%C3%A1%20b%22%7D",
                "connect=v1&encoding=json&message={%22name%22:%22Ol%C3%A1+b%22}",
                "encoding=json&message=%7B%22name%22:%22Ol%C3%A1+b%22%7D&other=1&compression=identity&base64=0"
            })
    void json_isTheMessage(String query) {
        HttpResponse<String> response =
                gateway.get(GET_BOOK + "?" + query.replace("{", "%7B").replace("}", "%7D"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(response.body()).isEqualTo("{\"name\":\"Olá b\"}");
        assertThat(response.headers().firstValue("middleware-instance")).hasValue("library-1");
    }

    @Test
    void base64_isOfUrlsAndNeedsNoPadding() {
        byte[] json = "{\"name\":\"??>>ÿ\"}".getBytes(StandardCharsets.UTF_8);
        for (Base64.Encoder encoder : new Base64.Encoder[] {
            Base64.getUrlEncoder(), Base64.getUrlEncoder().withoutPadding(), Base64.getEncoder()
        }) {
            HttpResponse<String> response = gateway.get(
                    GET_BOOK + "?connect=v1&base64=1&encoding=json&message=" + encoded(encoder.encodeToString(json)));

            assertThat(response.body()).isEqualTo("{\"name\":\"??>>ÿ\"}");
        }
    }

    @Test
    void serializedMessage_mayBePercentEncodedOrBase64() throws IOException {
        byte[] message = GetBookRequest.newBuilder().setName("é?").build().toByteArray();
        StringBuilder percent = new StringBuilder();
        for (byte octet : message) {
            percent.append("%%%02x".formatted(octet));
        }
        for (String query : new String[] {
            "message=" + percent, "base64=1&message=" + Base64.getUrlEncoder().encodeToString(message)
        }) {
            HttpResponse<String> response = gateway.get(GET_BOOK + "?encoding=proto&" + query);

            assertThat(response.headers().firstValue("content-type")).hasValue("application/proto");
            assertThat(Book.parseFrom(response.body().getBytes(StandardCharsets.UTF_8))
                            .getName())
                    .isEqualTo("é?");
        }
        assertThat(gateway.get(GET_BOOK + "?encoding=proto&message=").statusCode())
                .isEqualTo(200);
    }

    @Test
    void gzip_isUnfolded_andBounded() throws IOException {
        HttpResponse<String> response = gateway.get(GET_BOOK + "?encoding=json&base64=1&compression=gzip&message="
                + gzip("{\"name\":\"" + "a".repeat(100_000) + "\"}"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).hasSize(100_000 + 11);

        try (HttpGateway small = new HttpGateway(DataSize.ofKilobytes(16))
                .register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE)) {
            await().until(small.schemas()::settled);
            HttpResponse<String> bomb = small.get(
                    GET_BOOK + "?encoding=json&base64=1&compression=gzip&message=" + gzip("a".repeat(64 << 10)));
            assertThat(bomb.statusCode()).isEqualTo(429);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "encoding=json                                   | 400 | invalid_argument | no query parameter message",
                "message=%7B%7D                                  | 400 | invalid_argument | no query parameter encoding",
                "''                                              | 400 | invalid_argument | no query parameter encoding",
                "encoding=json&message=                          | 400 | invalid_argument | the body is empty",
                "encoding=json&message=%7B                       | 400 | invalid_argument | the body is",
                "encoding=json&base64=1&message=%7B%7D           | 400 | invalid_argument | query parameter message: it is not base64",
                "encoding=json&base64=1&message=abcde            | 400 | invalid_argument | query parameter message: it is not base64",
                "encoding=json&base64=yes&message=%7B%7D         | 400 | invalid_argument | query parameter base64: yes",
                "encoding=json&message=%7B%7D&message=%7B%7D     | 400 | invalid_argument | query parameter message: twice",
                "encoding=json&compression=gzip&message=%7B%7D   | 400 | invalid_argument | the content is not gzip",
                "encoding=json&compression=br&message=%7B%7D     | 501 | unimplemented    | query parameter compression: br (expected: identity or gzip)",
                "connect=v2&encoding=json&message=%7B%7D         | 400 | invalid_argument | query parameter connect: v2 (expected: v1)",
                "connect=v1&encoding=xml&message=%7B%7D          | 415 | unknown          | query parameter encoding: xml (expected: json or proto)"
            })
    void wrongQuery_isRefusedWithTheExpectedForm(String query, int status, String code, String message) {
        HttpResponse<String> response = gateway.get(GET_BOOK + "?" + query);

        assertThat(response.statusCode()).isEqualTo(status);
        JsonObject error = JsonParser.parseString(response.body()).getAsJsonObject();
        assertThat(error.get("code").getAsString()).isEqualTo(code);
        assertThat(error.get("message").getAsString()).startsWith(message);
    }

    @Test
    void percentThatEncodesNothing_isRefused() throws IOException {
        assertThat(raw("GET " + GET_BOOK + "?encoding=json&message=%zz HTTP/1.1"))
                .contains(" 400 ", "query parameter message: %zz (expected: two hexadecimal digits after each %)");
    }

    @ParameterizedTest
    @CsvSource({"Echo, POST", "TagBook, POST", "Fail, POST", "WatchBooks, POST"})
    void methodWithSideEffects_takesNoGet(String method, String allowed) {
        HttpResponse<String> response =
                gateway.get("/library.v1.Library/" + method + "?connect=v1&encoding=json&message=%7B%7D");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow")).hasValue(allowed);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    }

    @Test
    void otherVerbs_areRefused_andTheErrorNamesThoseTaken() {
        HttpResponse<String> response = gateway.json("PUT", GET_BOOK, "{}");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow")).hasValue("GET, HEAD, POST");
    }

    @Test
    void head_isLikeGetWithoutTheBody() {
        HttpResponse<String> response =
                gateway.send(gateway.request(GET_BOOK + "?encoding=json&message=%7B%22name%22:%22a%22%7D")
                        .HEAD());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-length")).hasValue("12");
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(response.body()).isEmpty();
    }

    @Test
    void body_isRefused() {
        HttpResponse<String> response = gateway.send(gateway.request(GET_BOOK + "?encoding=json&message=%7B%7D")
                .method("GET", BodyPublishers.ofString("{}")));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("there is a body, but GET /library.v1.Library/GetBook takes none");
    }

    private static String raw(String requestLine) throws IOException {
        try (Socket caller = new Socket("127.0.0.1", gateway.port())) {
            caller.getOutputStream()
                    .write((requestLine + "\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.US_ASCII);
    }

    private static String gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return Base64.getUrlEncoder().encodeToString(bytes.toByteArray());
    }
}
