package io.middleware.gateway.security.limit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.middleware.gateway.security.rules.Rule;

/**
 * A rule with a limit, and what is counted of it.
 *
 * @param name   the same for a rule whose callers and methods are the same after a change of the file: nothing is given anew
 * @param shared the allowance of all callers for whom there is no room
 */
record LimitedRule(String name, int line, Rule.Limit limit, Allowance shared, Counter tooFast, Counter tooMany) {

    static LimitedRule of(Rule rule, Rule.Limit limit, MeterRegistry meters, long now) {
        return new LimitedRule(
                rule.callers() + " " + rule.methods(),
                rule.line(),
                limit,
                new Allowance(now),
                counter(rule, "rate", meters),
                counter(rule, "in_flight", meters));
    }

    /** The name of the rule's line bounds their number: callers have no influence on it. */
    private static Counter counter(Rule rule, String reason, MeterRegistry meters) {
        return Counter.builder("middleware.security.limited")
                .baseUnit("calls")
                .description("Calls refused by a limit of a rule")
                .tags("rule", "line " + rule.line(), "reason", reason)
                .register(meters);
    }
}
