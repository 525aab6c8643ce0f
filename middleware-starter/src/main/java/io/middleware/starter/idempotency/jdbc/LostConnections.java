package io.middleware.starter.idempotency.jdbc;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Tells Hikari's pool that a connection is broken, after errors that it does not know, such as H2's. Otherwise it would
 * give out that connection again and again: it does not test one that was in use half a second ago.
 */
public final class LostConnections implements SQLExceptionOverride {

    // the name Override is taken by the interface
    @java.lang.Override
    public SQLExceptionOverride.Override adjudicate(SQLException error) {
        return SqlErrors.isConnectionLost(error)
                ? SQLExceptionOverride.Override.MUST_EVICT
                : SQLExceptionOverride.Override.CONTINUE_EVICT;
    }
}
