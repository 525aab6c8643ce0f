package io.middleware.gateway.dashboard.traffic;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that has ended, to be drawn as a dot.
 *
 * @param id      of the call
 * @param at      when it came, in milliseconds since 1970
 * @param ms      how long it took
 * @param code    gRPC's, by name
 * @param service its name in the registry
 */
public record CallView(
        String id, String gateway, long at, double ms, String path, String code, String service, List<Step> attempts) {

    public CallView {
        attempts = attempts == null ? List.of() : List.copyOf(attempts);
    }

    /**
     * An attempt.
     *
     * @param kind    {@code first}, {@code retry}, {@code hedge} or {@code move}
     * @param start   in milliseconds since the call came
     * @param end     null if it was given up
     * @param outcome in words, English
     */
    public record Step(
            String instance,
            String kind,
            double start,
            @Nullable Double end,
            boolean won,
            String outcome) {}
}
