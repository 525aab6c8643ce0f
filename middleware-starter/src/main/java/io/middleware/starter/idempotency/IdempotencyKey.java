package io.middleware.starter.idempotency;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The value of the header {@code idempotency-key}. */
final class IdempotencyKey {

    static final Metadata.Key<String> HEADER = Metadata.Key.of("idempotency-key", Metadata.ASCII_STRING_MARSHALLER);
    private static final int MAX_LENGTH = 255;

    private IdempotencyKey() {}

    /**
     * Returns the key of a call, if it has one. Quotes around it are removed, as in the IETF's draft it is a quoted
     * string.
     *
     * @throws StatusException {@code INVALID_ARGUMENT} if it is not a key, or there are several
     */
    static Optional<String> of(Metadata headers) throws StatusException {
        Iterable<String> values = headers.getAll(HEADER);
        if (values == null) {
            return Optional.empty();
        }
        List<String> keys = new ArrayList<>();
        values.forEach(keys::add);
        if (keys.size() > 1) {
            throw invalid("expected one, found " + keys.size());
        }
        String key = withoutQuotes(keys.getFirst().strip());
        if (key.isEmpty() || key.length() > MAX_LENGTH) {
            throw invalid("expected 1 to " + MAX_LENGTH + " characters, found " + key.length());
        }
        if (!key.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
            throw invalid("expected visible ASCII characters, none of them a space");
        }
        return Optional.of(key);
    }

    private static String withoutQuotes(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static StatusException invalid(String why) {
        return Status.INVALID_ARGUMENT
                .withDescription("idempotency-key: " + why)
                .asException();
    }
}
