package io.middleware.starter.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

/** A request that Netty has refused itself. One in 256,602 mutated requests was; which bytes do it is not known. */
class RespondedByServerTest {
    @Test
    void requestThatTheServerHasRefused_isOver() {
        MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/actuator/health"));
        IllegalStateException sent = new IllegalStateException("Status and headers already sent");
        new RequestErrors().handle(exchange, sent).block();
        assertThat(exchange.getResponse().getStatusCode()).isNull();
    }
}
