package io.middleware.hello;

import io.middleware.hello.v1.Signature;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One book for all servers, in a database. Its order is that of the identity column. A signature belongs to the
 * transaction of the thread, if there is one.
 */
final class JdbcGuestbook implements Guestbook {

    private static final String INSERT = """
            insert into guestbook_signature (name, message, call_id, signed_at)
            values (:name, :message, :callId, :signedAt)""";

    private static final String LAST = """
            select name, message, call_id, signed_at from (
                select id, name, message, call_id, signed_at from guestbook_signature order by id desc limit :max
            ) as newest order by id""";

    private final JdbcClient jdbc;
    private final GuestbookTable table;
    private final DatabaseOutage outage;

    JdbcGuestbook(JdbcClient jdbc, GuestbookTable table, DatabaseOutage outage) {
        this.jdbc = jdbc;
        this.table = table;
        this.outage = outage;
    }

    @Override
    public void append(Signature signature) {
        during(
                "not signed",
                () -> jdbc.sql(INSERT)
                        .param("name", signature.getName())
                        .param("message", signature.getMessage())
                        .param("callId", signature.getCallId())
                        .param(
                                "signedAt",
                                Instant.parse(signature.getSignedAt()).atOffset(ZoneOffset.UTC))
                        .update());
    }

    @Override
    public List<Signature> last(int max) {
        return during(
                "not read",
                () -> jdbc.sql(LAST)
                        .param("max", max)
                        .query(JdbcGuestbook::read)
                        .list());
    }

    private <T> T during(String failed, Supplier<T> statement) {
        if (!table.isThere()) {
            throw outage.notReached(failed);
        }
        try {
            T result = statement.get();
            outage.onSuccess();
            return result;
        } catch (DataAccessException e) {
            throw outage.onFailure(failed, e);
        }
    }

    private static Signature read(ResultSet row, int number) throws SQLException {
        return Signature.newBuilder()
                .setName(row.getString("name"))
                .setMessage(row.getString("message"))
                .setCallId(row.getString("call_id"))
                .setSignedAt(row.getObject("signed_at", OffsetDateTime.class)
                        .toInstant()
                        .toString())
                .build();
    }
}
