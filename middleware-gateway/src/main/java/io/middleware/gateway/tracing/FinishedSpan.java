package io.middleware.gateway.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A span that was never open: its call had ended before it was made. Does not change when it was {@link #with completed}. */
final class FinishedSpan implements ReadableSpan, SpanData {
    private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("io.middleware.gateway");

    private final Resource resource;
    private final String name;
    private final SpanKind kind;
    private final SpanContext context;
    private final SpanContext parent;
    private final long startedAt;
    private final long endedAt;
    private Attributes attributes = Attributes.empty();
    private StatusData status = StatusData.unset();
    private List<EventData> events = List.of();
    private List<LinkData> links = List.of();

    /** {@code startedAt}, {@code endedAt}: nanoseconds since 1970. */
    FinishedSpan(
            Resource resource,
            String name,
            SpanKind kind,
            SpanContext context,
            SpanContext parent,
            long startedAt,
            long endedAt) {
        this.resource = resource;
        this.name = name;
        this.kind = kind;
        this.context = context;
        this.parent = parent;
        this.startedAt = startedAt;
        this.endedAt = endedAt;
    }

    /** Sets the rest. */
    FinishedSpan with(Attributes has, StatusData ended, List<EventData> happened, List<LinkData> others) {
        attributes = has;
        status = ended;
        events = happened;
        links = others;
        return this;
    }

    @Override
    public SpanData toSpanData() {
        return this;
    }

    @Override
    public Resource getResource() {
        return resource;
    }

    @Override
    public InstrumentationScopeInfo getInstrumentationScopeInfo() {
        return SCOPE;
    }

    @Override
    @Deprecated
    @SuppressWarnings({"deprecation", "InlineMeSuggester"})
    public io.opentelemetry.sdk.common.InstrumentationLibraryInfo getInstrumentationLibraryInfo() {
        return io.opentelemetry.sdk.common.InstrumentationLibraryInfo.create(SCOPE.getName(), null);
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public SpanKind getKind() {
        return kind;
    }

    @Override
    public SpanContext getSpanContext() {
        return context;
    }

    @Override
    public SpanContext getParentSpanContext() {
        return parent;
    }

    @Override
    public StatusData getStatus() {
        return status;
    }

    @Override
    public long getStartEpochNanos() {
        return startedAt;
    }

    @Override
    public long getEndEpochNanos() {
        return endedAt;
    }

    @Override
    public long getLatencyNanos() {
        return endedAt - startedAt;
    }

    @Override
    public boolean hasEnded() {
        return true;
    }

    @Override
    public Attributes getAttributes() {
        return attributes;
    }

    @Override
    public <T> @Nullable T getAttribute(AttributeKey<T> key) {
        return attributes.get(key);
    }

    @Override
    public List<EventData> getEvents() {
        return events;
    }

    @Override
    public List<LinkData> getLinks() {
        return links;
    }

    @Override
    public int getTotalRecordedEvents() {
        return events.size();
    }

    @Override
    public int getTotalRecordedLinks() {
        return links.size();
    }

    @Override
    public int getTotalAttributeCount() {
        return attributes.size();
    }
}
