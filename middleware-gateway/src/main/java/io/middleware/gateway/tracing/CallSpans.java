package io.middleware.gateway.tracing;

import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.Outcome;
import io.middleware.core.instance.Instance;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Decision;
import io.middleware.core.record.Step;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the spans of a call that has ended from its record. */
final class CallSpans {
    /** The codes that count as errors of a server (semantic conventions for gRPC); the others are the caller's. */
    private static final Set<Code> SERVER_ERRORS = EnumSet.of(
            Code.UNKNOWN, Code.DEADLINE_EXCEEDED, Code.UNIMPLEMENTED, Code.INTERNAL, Code.UNAVAILABLE, Code.DATA_LOSS);

    private final CallRecord record;
    private final CallTrace trace;
    private final @Nullable String callId;
    private final long epoch;
    private final Resource gateway;

    /** {@code epoch}: what is added to the ticker's time for nanoseconds since 1970. */
    CallSpans(CallRecord record, CallTrace trace, @Nullable String callId, long epoch, Resource gateway) {
        this.record = record;
        this.trace = trace;
        this.callId = callId;
        this.epoch = epoch;
        this.gateway = gateway;
    }

    /** Returns the call's span, then those of the attempts in order. */
    List<FinishedSpan> all() {
        List<FinishedSpan> spans = new ArrayList<>(1 + record.attempts());
        spans.add(ofCall());
        for (Step step : record.steps()) {
            if (step instanceof Step.Started started) {
                spans.add(ofAttempt(started));
            }
        }
        return spans;
    }

    private FinishedSpan ofCall() {
        Step.Concluded end = record.end();
        AttributesBuilder attributes = common(end.code()).put(SpanFields.ATTEMPTS, record.attempts());
        Instance answeredBy = record.answeredBy();
        if (answeredBy != null) {
            attributes.put(SpanFields.INSTANCE, answeredBy.id());
        }
        if (end.stale()) {
            attributes.put(SpanFields.STALE, true);
        }
        Failure failure = end.failure();
        StatusData status = StatusData.unset();
        if (SERVER_ERRORS.contains(end.code())) {
            attributes.put(SpanFields.ERROR, end.code().name());
            status = StatusData.create(StatusCode.ERROR, failure == null ? "" : failure.detailed());
        }
        List<EventData> events = new ArrayList<>();
        for (Step step : record.steps()) {
            EventData event = SpanFields.event(step, epoch + step.at());
            if (event != null) {
                events.add(event);
            }
        }
        return span(SpanKind.SERVER, trace.call(), trace.parent(), record.startedAt(), end.at())
                .with(attributes.build(), status, events, List.of());
    }

    private FinishedSpan ofAttempt(Step.Started started) {
        Outcome outcome = null;
        long endedAt = record.end().at();
        List<EventData> events = new ArrayList<>(1);
        for (Step step : record.steps()) {
            if (step instanceof Step.Responded responded && responded.attempt() == started.attempt()) {
                events.add(EventData.create(epoch + step.at(), "response", Attributes.empty()));
            } else if (step instanceof Step.Ended ended && ended.attempt() == started.attempt()) {
                outcome = ended.outcome();
                endedAt = ended.at();
            }
        }
        AttributesBuilder attributes = common(outcome == null ? null : outcome.code())
                .put(SpanFields.ATTEMPT, started.attempt())
                .put(SpanFields.WHY, why(started))
                .put(SpanFields.WON, record.end().attempt() == started.attempt());
        SpanFields.put(attributes, started.instance());
        StatusData status = StatusData.unset();
        if (outcome != null) {
            SpanFields.put(attributes, outcome);
            // one that was given up did not fail
            if (outcome.code() != Code.OK && outcome.code() != Code.CANCELLED) {
                attributes.put(SpanFields.ERROR, outcome.code().name());
                status = StatusData.create(StatusCode.ERROR, outcome.reason() == null ? "" : outcome.reason());
            }
        }
        return span(SpanKind.CLIENT, trace.attempt(started.attempt()), trace.call(), started.at(), endedAt)
                .with(attributes.build(), status, events, started.hedge() ? linkToHedged(started) : List.of());
    }

    /** Returns a link to the latest attempt that was in flight when the hedge began. */
    private List<LinkData> linkToHedged(Step.Started hedge) {
        List<Integer> inFlight = new ArrayList<>(2);
        for (Step step : record.steps()) {
            if (step == hedge) {
                break;
            }
            if (step instanceof Step.Started started) {
                inFlight.add(started.attempt());
            } else if (step instanceof Step.Ended ended) {
                inFlight.removeIf(attempt -> attempt == ended.attempt());
            }
        }
        return inFlight.isEmpty()
                ? List.of()
                : List.of(LinkData.create(trace.attempt(inFlight.getLast()), SpanFields.HEDGED));
    }

    private String why(Step.Started attempt) {
        if (attempt.hedge()) {
            return "hedge";
        }
        String why = "first";
        for (Step step : record.steps()) {
            if (step == attempt) {
                break;
            }
            if (step instanceof Step.Started) {
                why = "retry";
            } else if (step instanceof Step.Decided decided && decided.decision() instanceof Decision.MoveUnsent) {
                why = "move";
            }
        }
        return why;
    }

    private AttributesBuilder common(@Nullable Code code) {
        AttributesBuilder attributes = Attributes.builder()
                .put(SpanFields.SYSTEM, "grpc")
                .put(SpanFields.METHOD, record.service() == null ? "_OTHER" : method());
        if (record.service() == null) {
            attributes.put(SpanFields.METHOD_ORIGINAL, method());
        }
        if (code != null) {
            attributes.put(SpanFields.CODE, code.name());
        }
        if (callId != null) {
            attributes.put(SpanFields.CALL_ID, callId);
        }
        return attributes;
    }

    private String method() {
        return record.path().startsWith("/") ? record.path().substring(1) : record.path();
    }

    private FinishedSpan span(SpanKind kind, SpanContext own, SpanContext parent, long from, long to) {
        String name = record.service() == null ? "grpc" : method();
        return new FinishedSpan(gateway, name, kind, own, parent, epoch + from, epoch + to);
    }
}
