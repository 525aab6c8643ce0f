package io.middleware.gateway.security.identity;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.Headers;
import io.middleware.gateway.headers.Credentials;
import io.middleware.gateway.headers.MiddlewareHeaders;
import io.netty.util.AsciiString;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who calls. A credential that is there must be right, whatever the rules say of callers without one. A token or a key
 * comes before the certificate of the connection, which may be that of a program between.
 */
public final class Identities {

    private static final AsciiString BEARER = AsciiString.cached("bearer ");
    private static final int LONGEST_NAME = 300;
    private static final int LONGEST_KEY = 1000;

    private final @Nullable Supplier<ApiKeys> keys;
    private final @Nullable Tokens tokens;
    private final @Nullable Certificates certificates;
    private final Set<Challenge.Kind> kinds;

    /**
     * Creates them of the kinds of credentials that are taken; null for those that are not. Headers of others are the servers'
     * own.
     */
    public Identities(@Nullable Supplier<ApiKeys> keys, @Nullable Tokens tokens, @Nullable Certificates certificates) {
        this.keys = keys;
        this.tokens = tokens;
        this.certificates = certificates;
        this.kinds = kinds(keys != null, tokens != null, certificates != null);
    }

    /** Without any, a caller that must be known could only be so by a certificate. */
    private static Set<Challenge.Kind> kinds(boolean keys, boolean tokens, boolean certificates) {
        Set<Challenge.Kind> kinds = EnumSet.noneOf(Challenge.Kind.class);
        if (tokens) {
            kinds.add(Challenge.Kind.TOKEN);
        }
        if (keys) {
            kinds.add(Challenge.Kind.KEY);
        }
        if (certificates || kinds.isEmpty()) {
            kinds.add(Challenge.Kind.CERTIFICATE);
        }
        return kinds;
    }

    /** Returns the kinds of credentials by which a caller may become known. */
    public Set<Challenge.Kind> kinds() {
        return kinds;
    }

    /** Returns whether API keys are taken, so that servers must not see them. */
    public boolean takesKeys() {
        return keys != null;
    }

    /** Returns who makes a call; null for nobody in particular. */
    public @Nullable Verdict of(Call call) {
        Headers headers = call.headers();
        CharSequence token = tokens == null ? null : headers.get(Credentials.AUTHORIZATION);
        CharSequence key = keys == null ? null : headers.get(Credentials.API_KEY);
        if (token != null && key != null) {
            return Challenge.any("two credentials (expected: authorization or x-api-key, one of them)", kinds);
        }
        if (token != null && tokens != null) {
            return headers.all(Credentials.AUTHORIZATION).size() == 1
                    ? verify(tokens, token)
                    : Challenge.token("it comes twice (expected: one header authorization)");
        }
        if (key != null && keys != null) {
            return headers.all(Credentials.API_KEY).size() == 1
                    ? find(keys.get(), key)
                    : Challenge.key("the key comes twice (expected: one header x-api-key)");
        }
        return certificates == null || call.peer() == null
                ? null
                : certificates.of(call.peer(), headers.all(MiddlewareHeaders.CLIENT_CERTIFICATE));
    }

    private static Verdict verify(Tokens tokens, CharSequence authorization) {
        int prefix = BEARER.length();
        return AsciiString.regionMatchesAscii(authorization, true, 0, BEARER, 0, prefix)
                ? tokens.verify(authorization
                        .subSequence(prefix, authorization.length())
                        .toString()
                        .strip())
                : Challenge.token("authorization has another scheme (expected: Bearer)");
    }

    private static Verdict find(ApiKeys keys, CharSequence key) {
        Verdict.Known known = key.isEmpty() || key.length() > LONGEST_KEY ? null : keys.find(key);
        if (known == null && !keys.isComplete()) {
            // nothing is known against it
            return new Verdict.Refused(
                    new Failure(Code.UNAVAILABLE, "the registry has not said yet which API keys there are"));
        }
        return known == null ? Challenge.key("the key in x-api-key is not known (expected: one that is valid)") : known;
    }

    /** Returns whether a caller can have this name: it goes into headers and records. */
    public static boolean isPlain(String name) {
        return !name.isEmpty() && name.length() <= LONGEST_NAME && name.chars().allMatch(c -> c > ' ' && c <= '~');
    }
}
