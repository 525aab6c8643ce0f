package io.middleware.hello;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.middleware.starter.outage.OutageLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

/**
 * Tells callers what an error of the database means for their call, and the log, in one line, when the database went and
 * when it came back.
 */
final class DatabaseOutage {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseOutage.class);

    private final OutageLog log = new OutageLog(LOG::warn, LOG::info, System::nanoTime);

    /** Returns the error of a call for which no connection was to be had, so nothing ran. */
    StatusRuntimeException notReached(String failed) {
        return Status.UNAVAILABLE
                .withDescription(failed + ": the database of the guestbook does not respond")
                .asRuntimeException();
    }

    /**
     * Returns the error for a call.
     *
     * @param failed what the caller may be sure of if no statement was sent: "not signed"
     */
    StatusRuntimeException onFailure(String failed, DataAccessException why) {
        String reason = String.valueOf(
                        NestedExceptionUtils.getMostSpecificCause(why).getMessage())
                .lines()
                .findFirst()
                .orElse("");
        if (why instanceof CannotGetJdbcConnectionException) {
            began(reason);
            return notReached(failed);
        }
        if (why instanceof DataAccessResourceFailureException
                || why instanceof RecoverableDataAccessException
                || why instanceof TransientDataAccessException
                || why instanceof QueryTimeoutException) {
            began(reason);
            return Status.UNAVAILABLE
                    .withDescription("it may have run: the connection to the database of the guestbook broke")
                    .asRuntimeException();
        }
        return Status.INTERNAL.withDescription(failed + ": " + reason).asRuntimeException();
    }

    void onSuccess() {
        log.over("The database responds again");
    }

    private void began(String reason) {
        log.warn("The database does not respond: calls of the guestbook fail until it does (" + reason + ")");
    }
}
