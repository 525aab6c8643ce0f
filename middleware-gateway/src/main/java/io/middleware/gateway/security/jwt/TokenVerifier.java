package io.middleware.gateway.security.jwt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.SignedJWT;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.gateway.security.identity.Challenge;
import io.middleware.gateway.security.identity.Tokens;
import io.middleware.gateway.security.identity.Verdict;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Verifies tokens. One that was verified before is known until it expires, or its key is no longer published. A token whose key
 * is not known waits until the keys are fetched; where they cannot be, the call ends as {@code UNAVAILABLE}: nothing is known
 * against the token.
 */
public final class TokenVerifier implements Tokens {
    private static final int LONGEST = 16 << 10;
    private static final long MOST_KEPT_BYTES = 32L << 20;
    private static final int MOST_WAITING = 10_000;
    private static final int WAIT_SECONDS = 5;

    private final Algorithms algorithms;
    private final ClaimCheck claims;
    private final KeySource source;
    private final InstantSource clock;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Cache<String, Verified> verified = Caffeine.newBuilder()
            .maximumWeight(MOST_KEPT_BYTES)
            .weigher((String token, Verified known) -> token.length() + 200)
            .build();

    /** Ids of keys that were not there when the keys were fetched for them. */
    private final Cache<String, Boolean> absent = Caffeine.newBuilder()
            .maximumSize(1000)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    private record Verified(Verdict.Known caller, ClaimCheck.Period period, VerificationKey key) {}

    /** {@code algorithms}: names of those that are taken. */
    public TokenVerifier(Collection<String> algorithms, ClaimCheck claims, KeySource source, InstantSource clock) {
        this.algorithms = Algorithms.of(algorithms);
        this.claims = claims;
        this.source = source;
        this.clock = clock;
    }

    @Override
    public Verdict verify(String token) {
        KeySet keys = source.keys();
        Verified known = verified.getIfPresent(token);
        if (known != null && keys != null && keys.has(known.key)) {
            String wrong = known.period.wrong(clock.millis());
            return wrong == null ? known.caller : Challenge.token(wrong);
        }
        if (token.length() > LONGEST) {
            return Challenge.token("it is longer than " + LONGEST + " characters");
        }
        SignedJWT parsed = parse(token);
        if (parsed == null) {
            return Challenge.token("it cannot be read (expected: a signed JSON Web Token)");
        }
        JWSHeader header = parsed.getHeader();
        if (!algorithms.allowed().contains(header.getAlgorithm())) {
            return Challenge.token("its algorithm is not one of those that are taken");
        }
        if (header.getCriticalParams() != null && !header.getCriticalParams().isEmpty()) {
            return Challenge.token("it has critical parameters (expected: none)");
        }
        return keys != null && keys.knows(header.getKeyID()) ? check(token, parsed, keys) : await(token, parsed);
    }

    private static @Nullable SignedJWT parse(String token) {
        try {
            return SignedJWT.parse(token);
        } catch (ParseException | RuntimeException unreadable) {
            return null;
        }
    }

    private Verdict await(String token, SignedJWT parsed) {
        CompletableFuture<Void> fetched = source.want();
        String id = parsed.getHeader().getKeyID();
        KeySet newer = source.keys();
        if (fetched == null && newer != null && newer.knows(id)) {
            // fetched for another call since this one looked
            return check(token, parsed, newer);
        }
        if (fetched == null || waiting.get() >= MOST_WAITING) {
            boolean absentThen = id != null && absent.getIfPresent(id) != null;
            return absentThen || isOlderThanKeys(parsed) ? notIssuers() : unavailable();
        }
        waiting.incrementAndGet();
        return new Verdict.Pending(fetched.handle((done, failed) -> {
                    KeySet keys = source.keys();
                    boolean known = keys != null && keys.knows(id);
                    if (keys != null && known) {
                        return check(token, parsed, keys);
                    }
                    if (keys == null || source.problem() != null) {
                        return unavailable();
                    }
                    if (id != null) {
                        absent.put(id, true);
                    }
                    return notIssuers();
                })
                .completeOnTimeout(unavailable(), WAIT_SECONDS, TimeUnit.SECONDS)
                .whenComplete((verdict, failed) -> waiting.decrementAndGet()));
    }

    /**
     * Returns whether its issuer signed it before the keys were fetched last, as it says: its key would have been among them. Nothing
     * proves that, but either way it is refused.
     */
    private boolean isOlderThanKeys(SignedJWT token) {
        try {
            Date issued = token.getJWTClaimsSet().getIssueTime();
            long fetched = clock.millis() - source.age().toMillis();
            return issued != null
                    && source.problem() == null
                    && issued.toInstant().plus(claims.skew()).toEpochMilli() < fetched;
        } catch (ParseException | RuntimeException unreadable) {
            return false;
        }
    }

    private static Verdict notIssuers() {
        return Challenge.token("its key is not one of the issuer's");
    }

    private static Verdict unavailable() {
        return new Verdict.Refused(new Failure(
                Code.UNAVAILABLE,
                "the token cannot be verified now: its key is not known, and the issuer cannot be asked for it yet",
                List.of(new Failure.Header("retry-after", "10"))));
    }

    private Verdict check(String token, SignedJWT parsed, KeySet keys) {
        VerificationKey key = signer(parsed, keys);
        if (key == null) {
            return Challenge.token("its signature is wrong");
        }
        try {
            ClaimCheck.Result result = claims.check(parsed.getJWTClaimsSet(), clock.millis());
            if (result.wrong() != null) {
                return Challenge.token(result.wrong());
            }
            Verdict.Known caller = new Verdict.Known("jwt:" + result.subject());
            verified.put(token, new Verified(caller, result.period(), key));
            return caller;
        } catch (ParseException | RuntimeException unreadable) {
            return Challenge.token("its claims cannot be read");
        }
    }

    private static @Nullable VerificationKey signer(SignedJWT token, KeySet keys) {
        JWSAlgorithm algorithm = token.getHeader().getAlgorithm();
        for (VerificationKey key : keys.candidates(token.getHeader().getKeyID(), algorithm)) {
            if (isSignedBy(key, token)) {
                return key;
            }
        }
        return null;
    }

    private static boolean isSignedBy(VerificationKey key, SignedJWT token) {
        try {
            return token.verify(key.verifier());
        } catch (JOSEException | RuntimeException anotherKind) {
            return false;
        }
    }
}
