package io.middleware.starter.web;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/**
 * Refuses what a caller got wrong, and the framework takes for an error of its own: it would respond 500, and log a stack trace for
 * each such request.
 */
final class RequestErrors implements WebExceptionHandler, Ordered {
    private static final String HEALTH = "HealthEndpointSupport";

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        if (isRespondedByServer(failure)) {
            return Mono.empty();
        }
        if (exchange.getResponse().isCommitted()) {
            return Mono.error(failure);
        }
        if (failure instanceof InvalidMimeTypeException) {
            return refuse(
                    exchange,
                    HttpStatus.NOT_ACCEPTABLE,
                    "Accept cannot be used (expected: a few types, such as application/json)");
        }
        if (isPathBelowUnknownHealth(failure)) {
            return refuse(exchange, HttpStatus.NOT_FOUND, "there is no such component of the health");
        }
        return Mono.error(failure);
    }

    /** The server has refused the request itself while an endpoint worked on it: its body is none, such as chunks without a size. */
    private static boolean isRespondedByServer(Throwable failure) {
        return failure instanceof IllegalStateException
                && "Status and headers already sent".equals(failure.getMessage());
    }

    /** The endpoint looks for a component in one that does not exist, and only asserts that it does. */
    private static boolean isPathBelowUnknownHealth(Throwable failure) {
        // Reactor moves the stack trace into a suppressed exception, to add to it where the request was
        return failure instanceof IllegalStateException
                && Stream.concat(Stream.of(failure), Arrays.stream(failure.getSuppressed()))
                        .anyMatch(RequestErrors::isAssertedByHealth);
    }

    private static boolean isAssertedByHealth(Throwable traced) {
        StackTraceElement[] stack = traced.getStackTrace();
        return stack.length > 1
                && stack[0].getClassName().equals("org.springframework.util.Assert")
                && stack[1].getClassName().endsWith(HEALTH);
    }

    private static Mono<Void> refuse(ServerWebExchange exchange, HttpStatus status, String words) {
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(status);
        response.getHeaders().setContentType(MediaType.TEXT_PLAIN);
        return response.writeWith(Mono.fromSupplier(
                () -> response.bufferFactory().wrap((words + "\n").getBytes(StandardCharsets.UTF_8))));
    }

    /** Runs before Spring Boot's own, which reads {@code Accept} again. */
    @Override
    public int getOrder() {
        return -2;
    }
}
