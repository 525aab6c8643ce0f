package io.middleware.gateway.security;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who callers are, and what they may call. By default nobody is asked.
 *
 * @param rules The file of rules (YAML) that say which callers may call what. Once there is one, what no rule allows is refused.
 */
@ConfigurationProperties("middleware.security")
public record SecuritySettings(
        @Nullable String rules,
        @DefaultValue Keys keys,
        @DefaultValue Jwt jwt,
        @DefaultValue Mtls mtls) {
    private static final Duration DAY = Duration.ofDays(1);

    /** @throws IllegalArgumentException if a value is wrong; the message says what was expected */
    public SecuritySettings {
        rules = blankToNull(rules);
    }

    /**
     * API keys, which callers send in x-api-key.
     *
     * @param file A file with a line NAME: HASH for each key, the SHA-256 of the key in hexadecimal. Changes are taken without a
     *     restart.
     * @param consulPrefix Where keys are in Consul's store, such as middleware/keys/: entries NAME or NAME/ANYTHING below it, each with
     *     a hash, and one of this name itself. Changes are taken at once.
     */
    public record Keys(@Nullable String file, @Nullable String consulPrefix) {
        private static final Pattern PREFIX = Pattern.compile("([A-Za-z0-9._-]+/)+");

        public Keys {
            file = blankToNull(file);
            consulPrefix = blankToNull(consulPrefix);
            if (consulPrefix != null && !PREFIX.matcher(consulPrefix).matches()) {
                throw new IllegalArgumentException("keys.consul-prefix: " + consulPrefix
                        + " (expected: letters, digits, . _ - and slashes, the last of them at the end, such as"
                        + " middleware/keys/)");
            }
        }

        boolean active() {
            return file != null || consulPrefix != null;
        }
    }

    /**
     * JSON Web Tokens, which callers send as authorization: Bearer TOKEN.
     *
     * @param issuer Who must have issued a token (iss).
     * @param audience For whom a token must be (aud).
     * @param jwksUri Where the issuer publishes its keys: https://, http:// on loopback, or file:. With it tokens are verified.
     * @param algorithms The signatures that are taken; never none, nor one by a shared secret.
     * @param skew How much the clocks of issuer and gateway may differ. Up to 5 min.
     * @param refresh How often the keys are fetched ahead, from 1 s to a day.
     * @param keep How long keys are used after they were fetched last, while the server that publishes them is down. Up to 30 days.
     */
    public record Jwt(
            @Nullable String issuer,
            @Nullable String audience,
            @Nullable String jwksUri,
            @DefaultValue({"RS256", "ES256", "EdDSA"}) List<String> algorithms,
            @DefaultValue("30s") Duration skew,
            @DefaultValue("5m") Duration refresh,
            @DefaultValue("1d") Duration keep) {
        public Jwt {
            issuer = blankToNull(issuer);
            audience = blankToNull(audience);
            jwksUri = blankToNull(jwksUri);
            if (jwksUri != null && (issuer == null || audience == null)) {
                throw new IllegalArgumentException(
                        "jwt.jwks-uri without jwt.issuer or jwt.audience (expected: all three, or none)");
            }
            if (jwksUri == null && (issuer != null || audience != null)) {
                throw new IllegalArgumentException(
                        "jwt.issuer or jwt.audience without jwt.jwks-uri (expected: all three)");
            }
            check(skew, Duration.ZERO, Duration.ofMinutes(5), "jwt.skew", "0s to 5m");
            check(refresh, Duration.ofSeconds(1), DAY, "jwt.refresh", "1s to 1d");
            check(keep, refresh, DAY.multipliedBy(30), "jwt.keep", "jwt.refresh to 30d");
        }
    }

    /**
     * Certificates of callers.
     *
     * @param enabled Whether a caller's certificate says who it is.
     * @param forwarders Names, proved by their own certificate, of those who pass on the certificate of a caller.
     * @param gateways Names of the gateways' own certificates, by which they may read dashboard, why and tap of each other, whatever
     *     the rules say. Holds also where enabled is false.
     */
    public record Mtls(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("spiffe://middleware/nginx") List<String> forwarders,
            @DefaultValue("spiffe://middleware/gateway") List<String> gateways) {}

    /** Returns whether anything of this is configured. */
    public boolean active() {
        return rules != null || keys.active() || jwt.jwksUri != null || mtls.enabled;
    }

    private static @Nullable String blankToNull(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static void check(Duration value, Duration least, Duration most, String name, String expected) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
