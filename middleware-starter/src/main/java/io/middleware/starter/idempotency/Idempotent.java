package io.middleware.starter.idempotency;

import io.grpc.Status;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a unary method of a gRPC service that changes something, or a service for all such methods: a call with an
 * {@code Idempotency-Key} runs in one transaction with its key and its response, and a repeat gets that response.
 * A call without a key runs as ever.
 *
 * <p>The method must end the call before it returns, and write in the transaction that it finds: with Spring's
 * {@code JdbcClient}, repositories or {@code @Transactional}, not with {@code REQUIRES_NEW}.
 */
@Documented
@Inherited
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Idempotent {

    /**
     * Errors that are the call's last word, such as {@code FAILED_PRECONDITION}: what the method wrote is undone, but
     * repeats get the same error. After any other error nothing is left, and a repeat runs again.
     */
    Status.Code[] finalErrors() default {};
}
