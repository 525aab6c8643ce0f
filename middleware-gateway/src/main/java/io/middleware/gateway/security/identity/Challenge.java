package io.middleware.gateway.security.identity;

import io.middleware.core.Code;
import io.middleware.core.Failure;
import java.util.ArrayList;
import java.util.List;

/** Failures of authentication. Their messages say what is wrong, and repeat nothing of a credential. */
public final class Challenge {
    private static final String REALM = "realm=\"middleware\"";
    private static final String NAME = "www-authenticate";

    private Challenge() {}

    /** Returns the refusal of a token. {@code wrong}: what was found and what was expected. */
    public static Verdict.Refused token(String wrong) {
        return refused("the token is refused: " + wrong, "Bearer " + REALM + ", error=\"invalid_token\"");
    }

    /** Returns the refusal of a key. */
    static Verdict.Refused key(String wrong) {
        return refused(wrong, "ApiKey " + REALM);
    }

    /** Returns the refusal of credentials of which no kind is meant. */
    static Verdict.Refused any(String wrong, String challenge) {
        return refused(wrong, challenge);
    }

    /** Returns the refusal of a call that has no credential, and needs one. */
    public static Failure missing(String method, String challenge) {
        return failure(method + " needs a caller who is known (expected: " + expected(challenge) + ")", challenge);
    }

    private static String expected(String challenge) {
        List<String> kinds = new ArrayList<>();
        if (challenge.contains("Bearer")) {
            kinds.add("authorization: Bearer TOKEN");
        }
        if (challenge.contains("ApiKey")) {
            kinds.add("x-api-key: KEY");
        }
        if (challenge.contains("Mutual")) {
            kinds.add("a certificate");
        }
        return String.join(" or ", kinds);
    }

    /** Returns the challenge of those kinds of credentials that are taken; that of certificates if none is. */
    static String of(boolean tokens, boolean keys, boolean certificates) {
        List<String> kinds = new ArrayList<>();
        if (tokens) {
            kinds.add("Bearer " + REALM);
        }
        if (keys) {
            kinds.add("ApiKey " + REALM);
        }
        if (certificates || kinds.isEmpty()) {
            kinds.add("Mutual " + REALM);
        }
        return String.join(", ", kinds);
    }

    private static Verdict.Refused refused(String message, String challenge) {
        return new Verdict.Refused(failure(message, challenge));
    }

    private static Failure failure(String message, String challenge) {
        return new Failure(Code.UNAUTHENTICATED, message, List.of(new Failure.Header(NAME, challenge)));
    }
}
