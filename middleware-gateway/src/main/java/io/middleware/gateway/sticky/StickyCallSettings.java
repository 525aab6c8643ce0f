package io.middleware.gateway.sticky;

import io.middleware.core.StickyRules;
import io.middleware.core.StickySettings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Calls that go to the same instance as others with an equal key, such as those about one user to a server that holds state in
 * memory.
 *
 * @param services gRPC services and where their calls have a key: package.Service=RULE, with header:NAME, field:PATH, caller or
 *     none. They go before what instances say in their metadata sticky.
 * @param bound The most calls in flight at an instance, in times of the mean, from 1 to 1000; 0 for no bound. A call that would be
 *     above goes to the next instance in the rank of its key.
 * @param least So many calls an instance may have whatever the mean. At least 1.
 */
public record StickyCallSettings(
        List<String> services,
        @DefaultValue("1.25") double bound,
        @DefaultValue("10") int least) {

    /** @throws IllegalArgumentException if a value is not valid; the message says what was expected */
    public StickyCallSettings {
        services = strip(services);
        for (String service : services) {
            if (service.indexOf('=') < 1) {
                throw new IllegalArgumentException("sticky.services: " + service
                        + " (expected: package.Service=RULE, such as hello.v1.Counter=field:name)");
            }
        }
        toCore(services, bound, least);
    }

    public StickySettings toCore() {
        return toCore(services, bound, least);
    }

    private static StickySettings toCore(List<String> services, double bound, int least) {
        return new StickySettings(StickyRules.of(services), bound, least);
    }

    private static List<String> strip(@Nullable List<String> values) {
        return values == null
                ? List.of()
                : values.stream()
                        .map(String::strip)
                        .filter(value -> !value.isEmpty())
                        .toList();
    }
}
