package io.middleware.starter;

import java.io.IOException;
import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Sends the token with each request to Consul. What Consul refuses is sent once more:
 *
 * <pre>
 * the file has another token by now        with that one
 * else another token was accepted before   with that one: the file's is wrong or not valid yet, which must not cost the
 *                                          heartbeat of a server that works
 * </pre>
 */
final class ConsulTokenHeader implements ClientHttpRequestInterceptor {

    private static final String NAME = "X-Consul-Token";

    private final ConsulToken token;
    private volatile String accepted = "";

    ConsulTokenHeader(ConsulToken token) {
        this.token = token;
    }

    /** Returns the token of the last request that Consul did not refuse; empty before the first. */
    String accepted() {
        return accepted;
    }

    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        String first = token.current();
        ClientHttpResponse response = send(first, request, body, execution);
        if (!isRefused(response)) {
            accepted = first;
            token.onAccepted();
            return response;
        }
        String now = token.current();
        String second = now.equals(first) ? accepted : now;
        if (second.isEmpty() || second.equals(first)) {
            return response;
        }
        response.close();
        ClientHttpResponse again = send(second, request, body, execution);
        if (!isRefused(again)) {
            accepted = second;
            if (!second.equals(now)) {
                token.onRefused();
            }
        }
        return again;
    }

    private static boolean isRefused(ClientHttpResponse response) throws IOException {
        return response.getStatusCode().value() == HttpStatus.FORBIDDEN.value();
    }

    private static ClientHttpResponse send(
            String token, HttpRequest request, byte[] body, ClientHttpRequestExecution execution) throws IOException {
        if (!token.isEmpty()) {
            request.getHeaders().set(NAME, token);
        }
        return execution.execute(request, body);
    }
}
