package io.middleware.gateway.security.limit;

import io.micrometer.core.instrument.MeterRegistry;
import io.middleware.core.Call;
import io.middleware.core.CallHandler;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.OngoingCall;
import io.middleware.core.Ticker;
import io.middleware.core.record.CallListener;
import io.middleware.core.record.CallRecord;
import io.middleware.gateway.security.rules.Admission;
import io.middleware.gateway.security.rules.Rule;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets as many calls of each caller pass as the rule that allows them says. A limit is one of all gateways together: see
 * {@link Quota}. Takes no lock, but to learn of a new rule or caller.
 */
public final class Limiter implements Admission {
    private static final Logger log = LoggerFactory.getLogger(Limiter.class);
    private static final int MOST_RULES = 10_000;
    /** When a call ends is not known, and those who wait for longer would wait for nothing as often as not. */
    private static final long LONGEST_GUESS = TimeUnit.MINUTES.toNanos(1);

    private final Allowances allowances;
    private final IntSupplier gateways;
    private final Ticker ticker;
    private final MeterRegistry meters;
    private final @Nullable CallListener listener;
    private final LongAdder overflown = new LongAdder();
    private volatile IdentityHashMap<Rule, LimitedRule> rules = new IdentityHashMap<>();
    private volatile boolean saidSo;

    /**
     * Creates one.
     *
     * @param mostCallers how many allowances are kept
     * @param gateways    supplies of how many gateways this is one
     * @param listener    gets the record of each call that is refused; null for none
     */
    public Limiter(
            int mostCallers,
            IntSupplier gateways,
            Ticker ticker,
            MeterRegistry meters,
            @Nullable CallListener listener) {
        this.allowances = new Allowances(mostCallers);
        this.gateways = gateways;
        this.ticker = ticker;
        this.meters = meters;
        this.listener = listener;
    }

    @Override
    public @Nullable OngoingCall start(Call call, String caller, Rule rule, CallHandler calls) {
        Call ranked = call.withPriority(Wish.of(call));
        Rule.Limit limit = rule.limit();
        return limit == null ? calls.start(ranked) : start(ranked, caller, known(rule, limit), calls);
    }

    private @Nullable OngoingCall start(Call call, String caller, LimitedRule rule, CallHandler calls) {
        long now = ticker.nanos();
        Quota quota = Quota.of(rule.limit(), gateways.getAsInt());
        Allowances.Key key = new Allowances.Key(CallerKey.of(caller, call.headers()), rule.name());
        Allowance allowance;
        Allowance.Answer answer;
        do {
            allowance = allowances.of(key, now);
            if (allowance == null) {
                allowance = overflow(rule);
            }
            answer = allowance.begin(quota, now);
        } while (answer == Allowance.Answer.RETIRED);
        if (answer != Allowance.Answer.PASSES) {
            Failure refusal = refusal(rule, answer, allowance, quota, now);
            new CallRecord(call, null, null, ticker, null, listener).concluded(refusal.code(), refusal, false);
            call.caller().onFailure(refusal);
            return null;
        }
        LimitHeaders told = quota.interval() == 0 ? null : LimitHeaders.of(rule, allowance, quota, now);
        LimitedCall limited = new LimitedCall(call.caller(), allowance, told, ticker);
        try {
            return limited.started(calls.start(call.withCaller(limited)));
        } catch (RuntimeException | Error failed) {
            limited.end();
            throw failed;
        }
    }

    private Allowance overflow(LimitedRule rule) {
        overflown.increment();
        if (!saidSo) {
            saidSo = true;
            log.warn("more callers use limits at the same time than middleware.security.limits.callers: those that come"
                    + " now share one allowance of each rule");
        }
        return rule.shared();
    }

    private static Failure refusal(
            LimitedRule rule, Allowance.Answer answer, Allowance allowance, Quota quota, long now) {
        String of = " (limit of the rule in line " + rule.line() + ")";
        if (answer == Allowance.Answer.TOO_MANY) {
            rule.tooMany().increment();
            return new Failure(
                    Code.RESOURCE_EXHAUSTED,
                    "more than " + rule.limit().inFlight() + " calls in flight" + of,
                    List.of(LimitHeaders.retryAfter(Math.min(allowance.untilPlace(), LONGEST_GUESS))));
        }
        rule.tooFast().increment();
        String most = rule.limit().requestsPerSecond() + " requests a second";
        return new Failure(
                Code.RESOURCE_EXHAUSTED,
                "more than " + most + " and " + rule.limit().burst() + " at once" + of,
                LimitHeaders.of(rule, allowance, quota, now).withRetryAfter(allowance.untilNext(quota, now)));
    }

    private LimitedRule known(Rule rule, Rule.Limit limit) {
        LimitedRule known = rules.get(rule);
        return known != null ? known : learn(rule, limit);
    }

    /** A file that has changed gives new rules. */
    private synchronized LimitedRule learn(Rule rule, Rule.Limit limit) {
        LimitedRule known = rules.get(rule);
        if (known == null) {
            IdentityHashMap<Rule, LimitedRule> more = new IdentityHashMap<>();
            if (rules.size() < MOST_RULES) {
                more.putAll(rules);
            }
            known = LimitedRule.of(rule, limit, meters, ticker.nanos());
            more.put(rule, known);
            rules = more;
        }
        return known;
    }

    /** Returns how many allowances there are. */
    public int kept() {
        return allowances.size();
    }

    /** Returns how many calls had to use a shared one. */
    public long overflown() {
        return overflown.sum();
    }
}
