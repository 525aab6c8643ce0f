package io.middleware.gateway.security.identity;

/** Verifies the tokens of callers. */
@FunctionalInterface
public interface Tokens {
    /** Returns what a token says. Any thread may call this. */
    Verdict verify(String token);
}
