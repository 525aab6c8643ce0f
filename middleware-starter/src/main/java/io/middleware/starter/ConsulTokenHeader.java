package io.middleware.starter;

import java.io.IOException;
import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Sends the present token with each request to Consul. A request that Consul refuses while the token is being replaced
 * is sent once more, with the new one.
 */
final class ConsulTokenHeader implements ClientHttpRequestInterceptor {

    private static final String NAME = "X-Consul-Token";

    private final ConsulToken token;

    ConsulTokenHeader(ConsulToken token) {
        this.token = token;
    }

    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        String first = token.current();
        ClientHttpResponse response = send(first, request, body, execution);
        if (response.getStatusCode().value() != HttpStatus.FORBIDDEN.value()) {
            return response;
        }
        String second = token.current();
        if (second.equals(first)) {
            return response;
        }
        response.close();
        return send(second, request, body, execution);
    }

    private static ClientHttpResponse send(
            String token, HttpRequest request, byte[] body, ClientHttpRequestExecution execution) throws IOException {
        if (!token.isEmpty()) {
            request.getHeaders().set(NAME, token);
        }
        return execution.execute(request, body);
    }
}
