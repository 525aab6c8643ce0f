package io.middleware.gateway.security.identity;

import io.middleware.core.Code;
import io.middleware.core.Failure;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Failures of authentication. Their messages say what is wrong, and repeat nothing of a credential. */
public final class Challenge {
    private static final String REALM = "realm=\"middleware\"";
    private static final String NAME = "www-authenticate";

    /** A kind of credential. */
    public enum Kind {
        TOKEN("Bearer", "authorization: Bearer TOKEN"),
        KEY("ApiKey", "x-api-key: KEY"),
        CERTIFICATE("Mutual", "a certificate");

        private final String scheme;
        private final String example;

        Kind(String scheme, String example) {
            this.scheme = scheme;
            this.example = example;
        }

        private String example() {
            return example;
        }
    }

    private Challenge() {}

    /** Returns the refusal of a token. {@code wrong}: what was found and what was expected. */
    public static Verdict.Refused token(String wrong) {
        return refused("the token is refused: " + wrong, "Bearer " + REALM + ", error=\"invalid_token\"");
    }

    /** Returns the refusal of a key. */
    static Verdict.Refused key(String wrong) {
        return refused(wrong, "ApiKey " + REALM);
    }

    /** Returns the refusal of credentials, any of these kinds. */
    static Verdict.Refused any(String wrong, Set<Kind> kinds) {
        return refused(wrong, of(kinds));
    }

    /** Returns the refusal of a call that has no credential, and needs one of these kinds. */
    public static Failure missing(String method, Set<Kind> kinds) {
        return failure(
                method + " needs a caller who is known (expected: " + joined(kinds, " or ", Kind::example) + ")",
                of(kinds));
    }

    /** Returns the value of {@code WWW-Authenticate} for these kinds. */
    static String of(Set<Kind> kinds) {
        return joined(kinds, ", ", kind -> kind.scheme + " " + REALM);
    }

    private static String joined(Set<Kind> kinds, String between, Function<Kind, String> text) {
        return kinds.stream().map(text).collect(Collectors.joining(between));
    }

    private static Verdict.Refused refused(String message, String challenge) {
        return new Verdict.Refused(failure(message, challenge));
    }

    private static Failure failure(String message, String challenge) {
        return new Failure(Code.UNAUTHENTICATED, message, List.of(new Failure.Header(NAME, challenge)));
    }
}
