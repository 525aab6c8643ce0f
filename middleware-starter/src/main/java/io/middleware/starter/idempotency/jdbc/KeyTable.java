package io.middleware.starter.idempotency.jdbc;

import io.grpc.Status;
import io.middleware.starter.idempotency.CallKey;
import io.middleware.starter.idempotency.StoredResponse;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;

/** The table of keys. Every method joins the transaction of its caller. Time is that of the database. */
final class KeyTable {
    /** Of the columns for people. */
    static final int MAX_TEXT = 255;

    private final JdbcOperations jdbc;
    private final String name;
    private final Supplier<SqlDialect> dialect;

    KeyTable(JdbcOperations jdbc, String name, Supplier<SqlDialect> dialect) {
        this.jdbc = jdbc;
        this.name = name;
        this.dialect = dialect;
    }

    /**
     * A row as others see it.
     *
     * @param response null if the transaction that inserted the key was committed before there was a response
     */
    record Row(byte[] requestHash, Duration age, @Nullable StoredResponse response) {}

    /**
     * Inserts a key.
     *
     * @throws IllegalStateException if the transaction is not one of this database
     */
    SqlDialect.Claim claim(CallKey key, Duration wait) {
        return Objects.requireNonNull(jdbc.execute((ConnectionCallback<SqlDialect.Claim>) connection -> {
            if (connection.getAutoCommit()) {
                throw new IllegalStateException(
                        "the application's transaction manager is not that of its DataSource: a key would be written without its effect");
            }
            return dialect.get().claim(connection, name, key, wait);
        }));
    }

    /** Returns the shortest wait for another call with a key. */
    Duration shortestWait() {
        return dialect.get().shortestWait();
    }

    /** Adds the response to a key that this transaction has inserted. */
    void store(CallKey key, StoredResponse response) {
        ResponseDetails details =
                new ResponseDetails(response.status().getDescription(), response.headers(), response.trailers());
        int updated = jdbc.update(
                "update " + name + " set code = ?, response = ?, details = ? where id = ?",
                response.status().getCode().value(),
                response.message(),
                details.write(),
                key.id());
        if (updated != 1) {
            throw new IllegalStateException("the key of the call is no longer in " + name);
        }
    }

    Optional<Row> read(CallKey key) {
        return jdbc
                .query(
                        "select request_hash, created_at, " + dialect.get().now() + ", code, response, details from "
                                + name + " where id = ?",
                        (row, _) -> row(row),
                        key.id())
                .stream()
                .findFirst();
    }

    private Row row(ResultSet row) throws SQLException {
        Duration age =
                Duration.between(dialect.get().instant(row, 2), dialect.get().instant(row, 3));
        int code = row.getInt(4);
        if (row.wasNull()) {
            return new Row(row.getBytes(1), age, null);
        }
        ResponseDetails details = ResponseDetails.read(row.getBytes(6));
        Status status = Status.fromCodeValue(code).withDescription(details.description());
        return new Row(
                row.getBytes(1),
                age,
                new StoredResponse(status, row.getBytes(5), details.headers(), details.trailers()));
    }

    /** Deletes a key if it is older than that. */
    void deleteOlder(CallKey key, Duration age) {
        jdbc.update("delete from " + name + " where id = ? and created_at < ?", key.id(), parameter(before(age)));
    }

    /** Returns ids of keys that are older than that, the oldest first, so many at most. */
    List<byte[]> older(Instant limit, int most) {
        return jdbc.query(
                connection -> {
                    var query = connection.prepareStatement(
                            "select id from " + name + " where created_at < ? order by created_at, id");
                    query.setMaxRows(most);
                    query.setObject(1, parameter(limit));
                    return query;
                },
                (row, _) -> row.getBytes(1));
    }

    void delete(List<byte[]> ids, Instant limit) {
        Object before = parameter(limit);
        jdbc.batchUpdate(
                "delete from " + name + " where id = ? and created_at < ?",
                ids.stream().map(id -> new Object[] {id, before}).toList());
    }

    /** Returns the time in the database, so long ago. */
    Instant before(Duration age) {
        SqlDialect known = dialect.get();
        Instant now = jdbc.queryForObject("select " + known.now(), (row, _) -> known.instant(row, 1));
        return Objects.requireNonNull(now).minus(age);
    }

    private Object parameter(Instant time) {
        return dialect.get().parameter(time);
    }

    long rows() {
        Long count = jdbc.queryForObject("select count(*) from " + name, Long.class);
        return count == null ? 0 : count;
    }

    /** Returns the size in bytes; 0 if the database does not tell. */
    long bytes() {
        String query = dialect.get().sizeQuery(name);
        Long size = query.isEmpty() ? null : jdbc.queryForObject(query, Long.class);
        return size == null ? 0 : size;
    }
}
