package io.middleware.gateway.security;

import io.middleware.core.Call;
import io.middleware.core.CallHandler;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.OngoingCall;
import io.middleware.core.Ticker;
import io.middleware.gateway.headers.MiddlewareHeaders;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.ingress.CallGate;
import io.middleware.gateway.security.identity.Challenge;
import io.middleware.gateway.security.identity.Identities;
import io.middleware.gateway.security.identity.Verdict;
import io.middleware.gateway.security.rules.Admission;
import io.middleware.gateway.security.rules.Rule;
import io.middleware.gateway.security.rules.Rules;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets a call pass if its caller is who it says, and the rules allow it. Credentials end here, but {@code authorization}. */
public final class Gatekeeper implements CallGate.Part {
    private final Identities identities;
    private final @Nullable Supplier<Rules> rules;
    private final Admission admission;
    private final Ticker ticker;
    private final LongAdder unauthenticated = new LongAdder();
    private final LongAdder denied = new LongAdder();

    /** {@code rules}: null: who is known, or has no credential, may call everything. */
    public Gatekeeper(Identities identities, @Nullable Supplier<Rules> rules, Admission admission, Ticker ticker) {
        this.identities = identities;
        this.rules = rules;
        this.admission = admission;
        this.ticker = ticker;
    }

    @Override
    public CallHandler around(CallHandler calls) {
        return call -> start(call, calls);
    }

    private @Nullable OngoingCall start(Call call, CallHandler calls) {
        Verdict verdict = identities.of(call);
        Http2Headers headers = ((NettyHeaders) call.headers()).http2();
        headers.remove(MiddlewareHeaders.CLIENT_CERTIFICATE);
        if (identities.takesKeys()) {
            headers.remove(Identities.API_KEY);
        }
        return verdict instanceof Verdict.Pending pending
                ? PendingCall.of(call, pending, ticker, (waited, settled) -> settle(waited, settled, calls))
                : settle(call, verdict, calls);
    }

    private @Nullable OngoingCall settle(Call call, @Nullable Verdict verdict, CallHandler calls) {
        if (verdict instanceof Verdict.Refused refused) {
            return refuse(call, refused.failure());
        }
        String caller = verdict instanceof Verdict.Known known ? known.caller() : Rule.ANONYMOUS;
        Rule rule = null;
        if (rules != null) {
            String method = method(call.path());
            rule = rules.get().find(caller, method);
            if (rule == null || !rule.allow()) {
                return refuse(call, refusal(caller, method));
            }
        }
        if (verdict != null) {
            ((NettyHeaders) call.headers()).http2().set(MiddlewareHeaders.CALLER, caller);
        }
        return rule == null
                ? calls.start(call)
                : admission.start(call.withPriority(rule.priority()), caller, rule, calls);
    }

    private Failure refusal(String caller, String method) {
        return caller.equals(Rule.ANONYMOUS)
                ? Challenge.missing(method, identities.challenge())
                : new Failure(Code.PERMISSION_DENIED, caller + " may not call " + method);
    }

    private @Nullable OngoingCall refuse(Call call, Failure failure) {
        switch (failure.code()) {
            case UNAUTHENTICATED -> unauthenticated.increment();
            case PERMISSION_DENIED -> denied.increment();
            default -> {}
        }
        call.caller().onFailure(failure);
        return null;
    }

    private static String method(String path) {
        return path.startsWith("/") ? path.substring(1) : path;
    }

    /** Returns how many calls were refused for their credential, or for having none. */
    public long unauthenticated() {
        return unauthenticated.sum();
    }

    /** Returns how many calls no rule allowed to a caller who was known. */
    public long denied() {
        return denied.sum();
    }
}
