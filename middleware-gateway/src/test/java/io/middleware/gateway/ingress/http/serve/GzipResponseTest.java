package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.ingress.Cors;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.gateway.library.v1.Book;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Responses to callers that take gzip. */
class GzipResponseTest {
    private static final String ECHO = "/library.v1.Library/Echo";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static LibraryServer library;
    private static HttpGateway gateway;

    @BeforeAll
    static void start() {
        library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
        gateway = new HttpGateway(Cors.of(List.of("https://shop.example")))
                .register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
        await().until(gateway.schemas()::settled);
    }

    @AfterAll
    static void stop() {
        CLIENT.close();
        gateway.close();
        library.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip                          | 1100    | true",
                "deflate, GZIP;q=0.5, br;q=1   | 1100    | true",
                "*                             | 1100    | true",
                "gzip, identity                | 300000  | true",
                "gzip                          | 2000000 | true",
                "gzip                          | 1000    | false",
                "gzip;q=0, *                   | 1100    | false",
                "gzip; q=0.000                 | 1100    | false",
                "*;q=0                         | 1100    | false",
                "identity                      | 1100    | false",
                "''                            | 1100    | false",
                "br                            | 300000  | false"
            })
    void json_isCompressedWhereTheCallerTakesThat(String accepted, int size, boolean zipped) throws Exception {
        String json = "{\"title\":\"" + "a".repeat(size) + "\"}";

        HttpResponse<byte[]> response = send(gateway.json(ECHO, json).header("Accept-Encoding", accepted));

        assertThat(response.headers().firstValue("content-encoding").isPresent())
                .isEqualTo(zipped);
        assertThat(zipped ? unzipped(response.body()) : text(response.body())).isEqualTo(json);
        assertThat(response.headers().firstValue("content-length")).hasValue("" + response.body().length);
        assertThat(response.headers().allValues("vary"))
                .containsExactlyInAnyOrder(
                        size > 1024 ? new String[] {"Origin", "Accept-Encoding"} : new String[] {"Origin"});
    }

    @Test
    void serializedMessages_areCompressedToo() throws Exception {
        Book book = Book.newBuilder().setTitle("a".repeat(100_000)).build();

        HttpResponse<byte[]> response = send(gateway.request(ECHO)
                .header("Content-Type", "application/proto")
                .header("Accept-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(book.toByteArray())));

        assertThat(response.headers().firstValue("content-encoding")).hasValue("gzip");
        assertThat(Book.parseFrom(new GZIPInputStream(new ByteArrayInputStream(response.body()))))
                .isEqualTo(book);
    }

    @Test
    void mappings_areCompressedToo() throws Exception {
        HttpResponse<byte[]> response =
                send(gateway.request("/v1/files/size/5000").header("Accept-Encoding", "gzip"));

        assertThat(response.headers().firstValue("content-encoding")).hasValue("gzip");
        assertThat(unzipped(response.body())).hasSize(5000 * 6 + 2);
    }

    @Test
    void unknownEncodingOfARequest_isRefused_andTheErrorNamesThoseTaken() {
        HttpResponse<String> response = gateway.post(ECHO, "{}", "Content-Encoding", "zstd");

        assertThat(response.statusCode()).isEqualTo(501);
        assertThat(response.headers().firstValue("accept-encoding")).hasValue("gzip, identity");
        assertThat(response.body()).contains("unimplemented", "Content-Encoding: zstd (expected: identity or gzip)");
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String unzipped(byte[] gzip) throws IOException {
        return text(new GZIPInputStream(new ByteArrayInputStream(gzip)).readAllBytes());
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
