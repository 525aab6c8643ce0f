package io.middleware.gateway.security.limit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The limits of callers. What they are is said by the rules.
 *
 * @param callers How many allowances are kept, one of each caller and rule; about 200 bytes each. Callers beyond that share one.
 */
@ConfigurationProperties("middleware.security.limits")
record LimitSettings(@DefaultValue("100000") int callers) {
    /** @throws IllegalArgumentException if a value is wrong; the message says what was expected */
    LimitSettings {
        if (callers < 1 || callers > 10_000_000) {
            throw new IllegalArgumentException("limits.callers: " + callers + " (expected: 1 to 10000000)");
        }
    }
}
