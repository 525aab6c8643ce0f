package io.middleware.core.call;

import io.middleware.core.Call;
import io.middleware.core.CallHandler;
import io.middleware.core.Code;
import io.middleware.core.Deadline;
import io.middleware.core.Failure;
import io.middleware.core.OngoingCall;
import io.middleware.core.Settings;
import io.middleware.core.StickyKeys;
import io.middleware.core.StickyRule;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.StickyKey;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.Route;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Transport;
import io.middleware.core.outlier.OutlierDetector;
import io.middleware.core.record.CallListener;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Trace;
import io.middleware.core.record.TraceSource;
import io.middleware.core.stale.StaleRecorder;
import io.middleware.core.stale.StaleResponses;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Starts calls: finds who serves them, and sets up all that a call needs. What happens after each attempt is decided by
 * {@link RetryPolicy}.
 *
 * <p>A unary call for which each instance that could be next is at its limit is refused at once: a secondary is for failures, not
 * for load. At its {@link Deadline} a call ends as {@code DEADLINE_EXCEEDED}; one that is not idempotent and may have run, in words
 * that say so.
 *
 * <p>A call that would end as {@code UNAVAILABLE} before anything of a response was given gets the last good response to an equal
 * request instead, if {@link StaleResponses} has it.
 *
 * <p>A call that is sticky by a field of its request starts when enough of the request has come: see {@link HeldCall}.
 */
public final class Failover implements CallHandler {
    private final Directory directory;
    private final CallDependencies dependencies;
    private final Duration unaryDeadline;
    private final RequestBuffer.Limits requestLimits;
    private final StickyKeys stickyKeys;
    private final @Nullable StaleResponses staleResponses;
    private final @Nullable CallListener listener;
    private final @Nullable TraceSource traces;

    /** Creates one without sticky calls, stale responses, listener and traces. */
    public Failover(
            Directory directory, Transport transport, OutlierDetector outliers, Settings settings, Ticker ticker) {
        this(directory, transport, outliers, settings, ticker, StickyKeys.NONE, null, null, null);
    }

    /**
     * Creates one.
     *
     * @param stickyKeys     finds the keys of calls to sticky services
     * @param staleResponses null for none
     * @param listener       gets the record of each call at its end; null: none are made
     * @param traces         null: no call belongs to a trace of which this process would know
     */
    public Failover(
            Directory directory,
            Transport transport,
            OutlierDetector outliers,
            Settings settings,
            Ticker ticker,
            StickyKeys stickyKeys,
            @Nullable StaleResponses staleResponses,
            @Nullable CallListener listener,
            @Nullable TraceSource traces) {
        this.directory = directory;
        RetryPolicy policy =
                new RetryPolicy(settings.attempts(), settings.silence().after().toNanos());
        this.dependencies = new CallDependencies(policy, transport, outliers, ticker, settings.attempts());
        this.unaryDeadline = settings.unaryDeadline();
        this.requestLimits = new RequestBuffer.Limits(settings.replay());
        this.stickyKeys = stickyKeys;
        this.staleResponses = staleResponses;
        this.listener = listener;
        this.traces = traces;
    }

    /**
     * Starts a call: unless its key must be waited for, its first attempt is in flight when this returns. The caller gets what
     * follows.
     *
     * @return null if no service serves it; then the caller has got the failure
     */
    @Override
    public @Nullable OngoingCall start(Call call) {
        String grpcService = Call.grpcService(call.path());
        Route route = grpcService == null ? null : directory.route(grpcService);
        if (route == null) {
            Failure unknown = unknown(call.path(), grpcService);
            record(call, null, null).concluded(unknown.code(), unknown, false);
            call.caller().onFailure(unknown);
            return null;
        }
        Service service = route.service();
        Service.Method method = service.method(call.path());
        Deadline deadline = Deadline.of(call, method.traits(), unaryDeadline, dependencies.ticker());
        service.budget().deposit();
        CallRecord record = record(call, service, method);
        StickyRule sticky = route.sticky();
        if (sticky == null) {
            return begin(call, route, method, deadline, record, null);
        }
        if (sticky.source() != StickyRule.Source.FIELD) {
            return begin(call, route, method, deadline, record, key(sticky, stickyKeys.inHeaders(call, sticky)));
        }
        StickyKeys.Reader reader = stickyKeys.inRequest(call, sticky);
        return reader == null
                ? begin(call, route, method, deadline, record, null)
                : new HeldCall(
                        call,
                        service.counts(),
                        method.traits().unary(),
                        deadline,
                        record,
                        reader,
                        () -> begin(call, route, method, deadline, record, key(sticky, reader.key())));
    }

    private static @Nullable StickyKey key(StickyRule rule, @Nullable CharSequence key) {
        return key == null || key.isEmpty() ? null : StickyKey.of(rule, key);
    }

    private Exchange begin(
            Call call,
            Route route,
            Service.Method method,
            Deadline deadline,
            CallRecord record,
            @Nullable StickyKey key) {
        StaleRecorder staleRecorder = staleResponses == null ? null : staleResponses.of(call, method.traits());
        RequestBuffer request = new RequestBuffer(requestLimits);
        AttemptContext context =
                new AttemptContext(dependencies, call, route.service(), method, deadline, request, record, key);
        Exchange exchange = new Exchange(context, route, staleRecorder);
        exchange.start();
        return exchange;
    }

    /** Returns the bytes of requests that are kept for another attempt, of all calls together. */
    public long heldBytes() {
        return requestLimits.held().get();
    }

    /** Returns how often this process was paused for so long that silence meanwhile counts against no instance. */
    public long pauses() {
        return dependencies.outliers().pauses().count();
    }

    private CallRecord record(Call call, @Nullable Service service, Service.@Nullable Method method) {
        Trace trace = traces == null ? null : traces.of(call);
        return new CallRecord(call, service, method, dependencies.ticker(), trace, listener);
    }

    private Failure unknown(String path, @Nullable String grpcService) {
        if (grpcService == null) {
            return new Failure(Code.UNIMPLEMENTED, "no method: " + path + " (expected: /package.Service/Method)");
        }
        if (!directory.loaded()) {
            return new Failure(Code.UNAVAILABLE, "the registry has not said yet which services there are");
        }
        return new Failure(Code.UNIMPLEMENTED, "no registered service serves " + grpcService);
    }
}
