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
     * @param kind   {@code first}, {@code retry} or {@code hedge}
     * @param start  in milliseconds since the call came
     * @param end    the same; null if that is not known
     * @param won    the caller got its response
     * @param failed it failed, other than by its caller's or another attempt's doing
     */
    public record Step(
            String instance,
            String kind,
            double start,
            @Nullable Double end,
            boolean won,
            boolean failed) {}
}
