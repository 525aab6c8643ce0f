package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;

class ConsulTokenHeaderTest {

    @TempDir
    private Path folder;

    private final Set<String> valid = new HashSet<>(Set.of("first", "second"));
    private final List<String> sent = new ArrayList<>();
    /** Runs while a request is on its way. */
    private Runnable meanwhile = () -> {};

    private ConsulToken token;
    private ConsulTokenHeader header;

    @BeforeEach
    void start() throws IOException {
        put("first");
        token = ConsulToken.inFile(folder.resolve("token"));
        header = new ConsulTokenHeader(token);
    }

    @Test
    void acceptedToken_isSentOnce() throws IOException {
        assertThat(ask()).isEqualTo(200);
        assertThat(sent).containsExactly("first");
        assertThat(header.accepted()).isEqualTo("first");
    }

    @Test
    void tokenReplacedWhileTheRequestIsOnItsWay_isSentAgainWithTheNewOne() throws IOException {
        meanwhile = () -> {
            valid.remove("first");
            put("second");
        };
        assertThat(ask()).isEqualTo(200);
        assertThat(sent).containsExactly("first", "second");
        assertThat(token.problem()).isEmpty();
    }

    @Test
    void wrongTokenInTheFile_isTriedEachTime_andTheOneBeforeIsUsed() throws IOException {
        ask();
        put("wrong");
        assertThat(ask()).isEqualTo(200);
        assertThat(ask()).isEqualTo(200);
        assertThat(sent).containsExactly("first", "wrong", "first", "wrong", "first");
        assertThat(token.problem())
                .hasValueSatisfying(problem -> assertThat(problem)
                        .startsWith("Consul refuses the token in")
                        .endsWith("the one before it stays in use"));

        valid.add("wrong");
        assertThat(ask()).isEqualTo(200);
        assertThat(token.problem()).isEmpty();
        assertThat(header.accepted()).isEqualTo("wrong");
    }

    @Test
    void refusalThatNoTokenMends_isReturnedAfterTwoRequestsAtMost() throws IOException {
        ask();
        valid.clear();
        sent.clear();
        assertThat(ask()).isEqualTo(403);
        assertThat(sent).containsExactly("first");
        put("wrong");
        sent.clear();
        assertThat(ask()).isEqualTo(403);
        assertThat(sent).containsExactly("wrong", "first");
    }

    private int ask() throws IOException {
        try (ClientHttpResponse response = header.intercept(
                new MockClientHttpRequest(HttpMethod.PUT, URI.create("http://consul")),
                new byte[0],
                (request, body) -> answer(request))) {
            return response.getStatusCode().value();
        }
    }

    private ClientHttpResponse answer(HttpRequest request) {
        String given = String.valueOf(request.getHeaders().getFirst("X-Consul-Token"));
        sent.add(given);
        meanwhile.run();
        return new MockClientHttpResponse(new byte[0], valid.contains(given) ? HttpStatus.OK : HttpStatus.FORBIDDEN);
    }

    private void put(String content) {
        try {
            Files.writeString(folder.resolve("token"), content);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }
}
