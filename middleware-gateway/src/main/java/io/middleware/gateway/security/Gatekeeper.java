package io.middleware.gateway.security;

import io.middleware.core.Call;
import io.middleware.core.CallHandler;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.OngoingCall;
import io.middleware.core.Ticker;
import io.middleware.gateway.headers.Credentials;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets a call pass if its caller is who it says, and the rules allow it. Credentials end here, but {@code authorization}. */
public final class Gatekeeper implements CallGate.Part {
    private final Identities identities;
    private final @Nullable Supplier<Rules> rules;
    private final Admission admission;
    private final PeerGateways gateways;
    private final Refusals refusals;
    private final Ticker ticker;

    /** {@code rules}: null: who is known, or has no credential, may call everything. */
    Gatekeeper(
            Identities identities,
            @Nullable Supplier<Rules> rules,
            Admission admission,
            PeerGateways gateways,
            Refusals refusals,
            Ticker ticker) {
        this.identities = identities;
        this.rules = rules;
        this.admission = admission;
        this.gateways = gateways;
        this.refusals = refusals;
        this.ticker = ticker;
    }

    @Override
    public CallHandler around(CallHandler calls) {
        return call -> start(call, calls);
    }

    private @Nullable OngoingCall start(Call call, CallHandler calls) {
        if (gateways.ask(call)) {
            return calls.start(call);
        }
        Verdict verdict = identities.of(call);
        Http2Headers headers = ((NettyHeaders) call.headers()).http2();
        headers.remove(MiddlewareHeaders.CLIENT_CERTIFICATE);
        if (identities.takesKeys()) {
            headers.remove(Credentials.API_KEY);
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
        if (verdict != null) {
            // for servers, and for the record of the call, also of one that is refused
            ((NettyHeaders) call.headers()).http2().set(MiddlewareHeaders.CALLER, caller);
        }
        Rule rule = null;
        if (rules != null) {
            String method = method(call.path());
            rule = rules.get().find(caller, method);
            if (rule == null || !rule.allow()) {
                return refuse(call, refusal(caller, method));
            }
        }
        return rule == null
                ? calls.start(call)
                : admission.start(call.withPriority(rule.priority()), caller, rule, calls);
    }

    private Failure refusal(String caller, String method) {
        return caller.equals(Rule.ANONYMOUS)
                ? Challenge.missing(method, identities.kinds())
                : new Failure(Code.PERMISSION_DENIED, caller + " may not call " + method);
    }

    private @Nullable OngoingCall refuse(Call call, Failure failure) {
        refusals.refuse(call, failure);
        return null;
    }

    private static String method(String path) {
        return path.startsWith("/") ? path.substring(1) : path;
    }
}
