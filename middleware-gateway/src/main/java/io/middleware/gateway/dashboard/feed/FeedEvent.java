package io.middleware.gateway.dashboard.feed;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, for people; the page has the words.
 *
 * @param id       unique among all gateways
 * @param at       milliseconds since 1970
 * @param kind     a change of the directory ({@code came}, {@code confirmed}, {@code failing}, {@code doubted}, {@code
 *                 maintenance}, {@code gone}), of an instance's health ({@code ejected}, {@code back}), another source
 *                 of responses ({@code secondary}, {@code stale}), of the registry ({@code registry-away}, {@code
 *                 registry-back}), of a gateway ({@code gateway-silent}, {@code
 *                 gateway-back}, {@code gateway-gone}, {@code gateway-withheld})
 * @param service  empty if it concerns none
 * @param subject  an instance or a gateway; empty if it concerns none
 * @param cause    of an ejection: {@code unreachable}, {@code silent}, {@code failing} or {@code outlier}; else null
 * @param because  what was seen, by the gateway and in English; else null
 * @param numbers  by name, such as {@code moved}
 * @param gateways that saw it
 */
public record FeedEvent(
        String id,
        long at,
        String kind,
        String service,
        String subject,
        @Nullable String cause,
        @Nullable String because,
        Map<String, Long> numbers,
        List<String> gateways) {

    public FeedEvent {
        numbers = numbers == null ? Map.of() : Map.copyOf(numbers);
        gateways = gateways == null ? List.of() : List.copyOf(gateways);
    }

    /** Returns the same, as seen by all these gateways. */
    public FeedEvent seenBy(List<String> all, Map<String, Long> together) {
        return new FeedEvent(id, at, kind, service, subject, cause, because, together, all);
    }
}
