/**
 * Keeps idempotency keys in the application's own database, so that a key, its response and what the call wrote are
 * committed together or not at all.
 *
 * <p>Begin with {@code JdbcLedger}: claim the key ({@code KeyClaims}), run, store the response, commit
 * ({@code Execution}). {@code KeyQueue} and {@code DatabaseWaits} leave connections for others while calls wait.
 * {@code KeyTable} has the SQL, a {@code SqlDialect} what differs between databases; {@code TableSetup} creates or checks
 * the table, {@code Sweeper} deletes expired keys.
 */
@NullMarked
package io.middleware.starter.idempotency.jdbc;

import org.jspecify.annotations.NullMarked;
