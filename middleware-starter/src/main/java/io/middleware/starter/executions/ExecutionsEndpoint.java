package io.middleware.starter.executions;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Reads the book, a page at a time: {@code GET /actuator/executions?after=NUMBER}. The next page is after the number
 * {@code next}; the last one is empty.
 */
@Endpoint(id = "executions")
final class ExecutionsEndpoint {

    private final ExecutionBook book;

    ExecutionsEndpoint(ExecutionBook book) {
        this.book = book;
    }

    @ReadOperation
    WebEndpointResponse<Object> executions(@Nullable Long after) {
        try {
            return new WebEndpointResponse<>(book.after(after == null ? 0 : after));
        } catch (DataAccessException | TransactionException away) {
            return new WebEndpointResponse<>(
                    Map.of("message", "the database could not be read: " + away.getMessage()),
                    WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
        }
    }
}
