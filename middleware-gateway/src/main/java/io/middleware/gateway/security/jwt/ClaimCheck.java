package io.middleware.gateway.security.jwt;

import com.nimbusds.jwt.JWTClaimsSet;
import io.middleware.gateway.security.identity.Identities;
import java.time.Duration;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/**
 * What a token must say (RFC 7519, 4.1), once its signature is right.
 *
 * @param issuer   who must have made it
 * @param audience for whom it must be
 * @param skew     how much clocks may differ
 */
public record ClaimCheck(String issuer, String audience, Duration skew) {
    /** In milliseconds, the skew included. */
    record Period(long from, long until) {
        /** Returns what is wrong with a time; null if nothing is. */
        @Nullable
        String wrong(long now) {
            return now > until ? "it has expired" : now < from ? "it is not valid yet" : null;
        }
    }

    /** {@code wrong}: null if nothing is. */
    record Result(String subject, Period period, @Nullable String wrong) {}

    Result check(JWTClaimsSet claims, long now) {
        Date expires = claims.getExpirationTime();
        Date begins = claims.getNotBeforeTime();
        String subject = claims.getSubject() == null ? "" : claims.getSubject();
        Period period = new Period(
                begins == null ? Long.MIN_VALUE : begins.toInstant().toEpochMilli() - skew.toMillis(),
                expires == null ? Long.MIN_VALUE : saturated(expires.toInstant().toEpochMilli()));
        return new Result(subject, period, wrong(claims, expires, subject, period, now));
    }

    private long saturated(long expires) {
        return expires > Long.MAX_VALUE - skew.toMillis() ? Long.MAX_VALUE : expires + skew.toMillis();
    }

    private @Nullable String wrong(
            JWTClaimsSet claims, @Nullable Date expires, String subject, Period period, long now) {
        if (!issuer.equals(claims.getIssuer())) {
            return "its issuer is another (iss)";
        }
        if (!claims.getAudience().contains(audience)) {
            return "it is not for this audience (aud)";
        }
        if (expires == null) {
            return "it never expires (expected: a time in exp)";
        }
        if (!Identities.isPlain(subject)) {
            return "it names no subject (expected: in sub, up to 300 visible characters of ASCII)";
        }
        return period.wrong(now);
    }
}
