/**
 * Effects once: a call with an {@code Idempotency-Key} runs once, and each repeat gets the first response.
 *
 * <p>Begin with {@code KeyedCall}, which holds one request back and asks {@code EffectLedger} to run it;
 * {@code jdbc.JdbcLedger} does so in a transaction of the application's database. {@code KeyedMethods} finds the
 * methods, by {@code Idempotent} or the setting; {@code RecordedCall} keeps a response back until the transaction has
 * ended.
 */
@NullMarked
package io.middleware.starter.idempotency;

import org.jspecify.annotations.NullMarked;
