package io.middleware.hello;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;

/**
 * Tells the pool which errors mean that a connection is broken. It knows the codes of many databases, but not H2's, and
 * would give out the same broken connection again and again: one that was in use a moment ago is not tested.
 */
public final class BrokenConnections implements SQLExceptionOverride {

    // the name Override is taken by the interface
    @java.lang.Override
    public SQLExceptionOverride.Override adjudicate(SQLException error) {
        return error instanceof SQLNonTransientConnectionException || error instanceof SQLTransientConnectionException
                ? SQLExceptionOverride.Override.MUST_EVICT
                : SQLExceptionOverride.Override.CONTINUE_EVICT;
    }
}
