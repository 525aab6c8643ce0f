package io.middleware.gateway.security;

import io.middleware.gateway.security.watched.WatchedFile;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Tells which rules and keys hold, and why newer ones are not taken. Up: what is known goes on to be used. */
final class SecurityHealth implements HealthIndicator {
    private final SecuritySources sources;
    private final RulesReview review;

    SecurityHealth(SecuritySources sources, RulesReview review) {
        this.sources = sources;
        this.review = review;
    }

    @Override
    public Health health() {
        Health.Builder health = Health.up();
        if (sources.rules() != null) {
            health.withDetail(
                    "rules", state(sources.rules(), sources.rules().get().size()));
            if (!review.problems().isEmpty()) {
                health.withDetail("rulesToCheck", review.problems());
            }
        }
        if (sources.keys() != null) {
            health.withDetail("keys", state(sources.keys(), sources.keys().get().size()));
        }
        ConsulKeys consul = sources.consulKeys();
        if (consul != null) {
            int known = consul.get().size();
            health.withDetail(
                    "consulKeys",
                    consul.problem() == null ? known : known + " hold, no newer ones: " + consul.problem());
            if (!consul.wrong().isEmpty()) {
                health.withDetail("consulKeysLeftOut", consul.wrong());
            }
        }
        if (sources.tokenKeys() != null) {
            String problem = sources.tokenKeys().problem();
            int known = sources.tokenKeys().size();
            health.withDetail("tokenKeys", problem == null ? known : known + " known, no newer ones: " + problem);
        }
        return health.build();
    }

    private static Object state(WatchedFile<?> file, int size) {
        @Nullable String problem = file.problem();
        return problem == null ? size : size + " hold, the file is not taken: " + problem;
    }
}
