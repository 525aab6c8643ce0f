package io.middleware.gateway;

import io.middleware.core.Settings;
import io.middleware.gateway.stale.StaleSettings;
import io.middleware.gateway.sticky.StickyCallSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How calls are made and retried.
 *
 * @param unaryDeadline The deadline of a unary call whose caller gave none; it is not forwarded to servers. 0 for none.
 * @param attempts The most attempts of a call, from 1 to 100, the first and hedges included; but of what was provably not
 *     executed, each instance gets one.
 * @param firstBackOff The back-off before a retry when every instance was tried, from 1 ms to 1 s; doubles, with a random half.
 */
public record CallSettings(
        @DefaultValue("15s") Duration unaryDeadline,
        @DefaultValue("6") int attempts,
        @DefaultValue("20ms") Duration firstBackOff,
        @DefaultValue Budget budget,
        @DefaultValue Replay replay,
        @DefaultValue Ejection ejection,
        @DefaultValue Hedge hedge,
        @DefaultValue Silence silence,
        @DefaultValue Limit limit,
        @DefaultValue @NestedConfigurationProperty StaleSettings stale,
        @DefaultValue @NestedConfigurationProperty StickyCallSettings sticky,
        @DefaultValue SlowStart slowStart) {

    public CallSettings {
        toCore(
                unaryDeadline,
                attempts,
                firstBackOff,
                budget,
                replay,
                ejection,
                hedge,
                silence,
                limit,
                sticky,
                slowStart);
    }

    Settings toCore() {
        return toCore(
                unaryDeadline,
                attempts,
                firstBackOff,
                budget,
                replay,
                ejection,
                hedge,
                silence,
                limit,
                sticky,
                slowStart);
    }

    private static Settings toCore(
            Duration unaryDeadline,
            int attempts,
            Duration firstBackOff,
            Budget budget,
            Replay replay,
            Ejection ejection,
            Hedge hedge,
            Silence silence,
            Limit limit,
            StickyCallSettings sticky,
            SlowStart slowStart) {
        return new Settings(
                unaryDeadline,
                attempts,
                firstBackOff,
                new Settings.Budget(budget.ratio, budget.floor, budget.capacity),
                new Settings.Replays(replay.perCall.toBytes(), replay.total.toBytes()),
                new Settings.Ejection(
                        ejection.firstProbe,
                        ejection.longestProbe,
                        ejection.outliers,
                        ejection.firstTrial,
                        ejection.longestTrial),
                new Settings.Hedge(hedge.initialDelay, hedge.shortestDelay, hedge.longestDelay),
                new Settings.Silence(silence.after, silence.pingLimit, silence.lostAfter),
                new Settings.Limit(limit.enabled, limit.longestWait, limit.least, limit.most),
                sticky.toCore(),
                new io.middleware.core.SlowStart(slowStart.calls, slowStart.longest, slowStart.extra));
    }

    /**
     * The retry budget: what retries may add to a service's load.
     *
     * @param ratio Retries per call, from 0 to 1.
     * @param floor Retries a second that are allowed however few the calls.
     * @param capacity The most retries that can be saved up.
     */
    public record Budget(
            @DefaultValue("0.2") double ratio,
            @DefaultValue("10") int floor,
            @DefaultValue("500") int capacity) {}

    /**
     * The bytes of requests that may be held for another attempt.
     *
     * @param perCall Of one request.
     * @param total Of all requests together.
     */
    public record Replay(
            @DefaultValue("4MB") DataSize perCall,
            @DefaultValue("64MB") DataSize total) {}

    /**
     * When ejected instances are probed.
     *
     * @param firstProbe After the ejection. At least 10 ms.
     * @param longestProbe The longest wait between probes, which doubles while they fail.
     * @param outliers Whether an instance is ejected whose calls fail while those of its peers succeed.
     * @param firstTrial After the ejection of an outlier: how long until it gets a call again. At least 10 ms.
     * @param longestTrial The longest such wait, which doubles while that call fails. Up to a day.
     */
    public record Ejection(
            @DefaultValue("100ms") Duration firstProbe,
            @DefaultValue("5s") Duration longestProbe,
            @DefaultValue("true") boolean outliers,
            @DefaultValue("1s") Duration firstTrial,
            @DefaultValue("30s") Duration longestTrial) {}

    /**
     * When an idempotent call without a response is hedged, by an attempt on another instance: after the method's own recent
     * p95, within these bounds. Each hedge counts as an attempt and is paid from the budget.
     *
     * @param initialDelay While fewer than 20 responses of the method are known. From shortest-delay to longest-delay.
     * @param shortestDelay The least delay, from 1 ms to a day: a short pause of a server is no reason to hedge.
     * @param longestDelay The most, up to a day.
     */
    public record Hedge(
            @DefaultValue("100ms") Duration initialDelay,
            @DefaultValue("10ms") Duration shortestDelay,
            @DefaultValue("10s") Duration longestDelay) {}

    /**
     * When a silent instance gets a health check, a ping, and is ejected if that fails as well.
     *
     * @param after How long an attempt may get no response, from 1 ms to a day; less if the hedge delay is less.
     * @param pingLimit How long the response to a ping may take, from 5 ms to 1 min; four round trips where that is more, so that
     *     an instance that is far away is not ejected.
     * @param lostAfter How long an ejected instance may be silent, from 100 ms to a day. After that a unary call that it has,
     *     and that is not idempotent, ends as UNAVAILABLE instead of waiting for its deadline.
     */
    public record Silence(
            @DefaultValue("100ms") Duration after,
            @DefaultValue("30ms") Duration pingLimit,
            @DefaultValue("1s") Duration lostAfter) {}

    /**
     * How many unary calls an instance may have from this gateway at a time when calls queue up there: as many as it responds
     * to in time, which is measured. A call that finds each primary at its limit is refused at once with RESOURCE_EXHAUSTED.
     *
     * @param enabled Whether there is a limit.
     * @param longestWait Extra latency tolerated before an instance is limited, from 10 ms to 1 min: max(this, usual / 2), at most
     *     a quarter of the call's spare time.
     * @param least The least limit. At least 1.
     * @param most The largest, with which an instance begins. At least least.
     */
    public record Limit(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("500ms") Duration longestWait,
            @DefaultValue("10") int least,
            @DefaultValue("10000") int most) {}

    /**
     * How an instance that has just started is spared: until then its cost counts more often than that of others, and it is hedged
     * after what the others take.
     *
     * @param calls So many answered calls show that it is warm. At least 1.
     * @param longest After this time it is not new, however few calls there were, from 1 ms to 1 h.
     * @param extra How much its cost counts in addition at first, from 0 to 100; 0 for no difference.
     */
    public record SlowStart(
            @DefaultValue("200") int calls,
            @DefaultValue("30s") Duration longest,
            @DefaultValue("4") double extra) {}
}
