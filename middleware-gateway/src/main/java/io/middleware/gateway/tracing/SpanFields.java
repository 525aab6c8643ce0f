package io.middleware.gateway.tracing;

import io.middleware.core.Outcome;
import io.middleware.core.instance.Instance;
import io.middleware.core.record.Decision;
import io.middleware.core.record.Step;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.trace.data.EventData;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The names of attributes and events: those of the semantic conventions for gRPC where there are any. */
final class SpanFields {
    static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system.name");
    static final AttributeKey<String> METHOD = AttributeKey.stringKey("rpc.method");
    static final AttributeKey<String> METHOD_ORIGINAL = AttributeKey.stringKey("rpc.method_original");
    static final AttributeKey<String> CODE = AttributeKey.stringKey("rpc.response.status_code");
    static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    static final AttributeKey<String> CALL_ID = AttributeKey.stringKey("x-call-id");
    static final AttributeKey<Long> ATTEMPTS = AttributeKey.longKey("middleware.attempts");
    static final AttributeKey<Boolean> STALE = AttributeKey.booleanKey("middleware.stale");
    static final AttributeKey<String> INSTANCE = AttributeKey.stringKey("middleware.instance");
    static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("middleware.attempt");
    static final AttributeKey<String> WHY = AttributeKey.stringKey("middleware.why");
    static final AttributeKey<Boolean> WON = AttributeKey.booleanKey("middleware.won");
    static final Attributes HEDGED = Attributes.of(AttributeKey.stringKey("middleware.link"), "hedged");

    private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("middleware.service");
    private static final AttributeKey<String> POOL = AttributeKey.stringKey("middleware.pool");
    static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("middleware.outcome");
    static final AttributeKey<String> EVIDENCE = AttributeKey.stringKey("middleware.evidence");
    private static final AttributeKey<String> REASON = AttributeKey.stringKey("middleware.reason");
    private static final AttributeKey<Long> WAIT = AttributeKey.longKey("middleware.wait_ms");
    private static final AttributeKey<Double> BUDGET = AttributeKey.doubleKey("middleware.budget");
    private static final AttributeKey<String> ADDRESS = AttributeKey.stringKey("server.address");
    private static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");

    private SpanFields() {}

    static void put(AttributesBuilder attributes, Instance instance) {
        attributes
                .put(INSTANCE, instance.id())
                .put(SERVICE, instance.serviceName())
                .put(POOL, instance.pool().name())
                .put(ADDRESS, instance.registration().host())
                .put(PORT, instance.registration().port());
    }

    static void put(AttributesBuilder attributes, Outcome outcome) {
        attributes
                .put(OUTCOME, outcome.kind().name())
                .put(EVIDENCE, outcome.evidence().name());
        if (outcome.reason() != null) {
            attributes.put(REASON, outcome.reason());
        }
    }

    /** Returns what a step adds to the call's span; null if the spans of the attempts show it. */
    static @Nullable EventData event(Step step, long at) {
        return switch (step) {
            case Step.Decided decided -> event(decided.decision(), at);
            case Step.BackedOff backOff ->
                EventData.create(at, "back-off", Attributes.of(WAIT, TimeUnit.NANOSECONDS.toMillis(backOff.nanos())));
            case Step.Paid paid ->
                EventData.create(
                        at, paid.granted() ? "retry paid" : "budget exhausted", Attributes.of(BUDGET, paid.before()));
            default -> null;
        };
    }

    private static @Nullable EventData event(Decision decision, long at) {
        return switch (decision) {
            case Decision.Retry retry ->
                EventData.create(at, retry.elsewhere() ? "retry elsewhere" : "retry", Attributes.empty());
            case Decision.GiveUp(String reason) ->
                EventData.create(at, "give up", reason == null ? Attributes.empty() : Attributes.of(REASON, reason));
            case Decision.MoveUnsent move ->
                EventData.create(at, move.stranded() ? "move stranded" : "move unsent", Attributes.empty());
            case Decision.Hedge hedge -> EventData.create(at, "hedge", Attributes.empty());
            case Decision.ReportLost() -> EventData.create(at, "report lost", Attributes.empty());
            case Decision.CheckInstances() -> EventData.create(at, "check instances", Attributes.empty());
            default -> null;
        };
    }
}
