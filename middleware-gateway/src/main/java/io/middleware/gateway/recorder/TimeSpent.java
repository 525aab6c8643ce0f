package io.middleware.gateway.recorder;

import io.middleware.core.Call;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of a call went: each moment belongs to one instance that has it, to a back-off, or to the gateway. Of attempts side by
 * side the one counts whose response the caller got, else the latest. Confined to one thread.
 */
final class TimeSpent {
    /** Of the whole: smaller parts explain nothing. */
    private static final double LEAST_SHARE = 0.01;

    private final CallRecord record;
    private final Words words;
    private final Map<String, Long> parts = new LinkedHashMap<>();
    private final LinkedHashSet<Integer> inFlight = new LinkedHashSet<>();
    private boolean responded;
    private boolean backsOff;

    private TimeSpent(CallRecord record, Words words) {
        this.record = record;
        this.words = words;
    }

    /** Returns it as a sentence, in the order in which it went; null where no attempt was made. */
    static @Nullable String inWords(KeptCall call, String language) {
        return call.record().attempts() == 0
                ? null
                : new TimeSpent(call.record(), new Words(language)).tell(call.resentAfter());
    }

    private String tell(@Nullable Duration resentAfter) {
        long before = record.startedAt();
        for (Step step : record.steps()) {
            parts.merge(part(), step.at() - before, Long::sum);
            before = step.at();
            take(step);
        }
        List<String> told = new ArrayList<>();
        if (resentAfter != null && !resentAfter.equals(Call.RESENT_AT_ANY_TIME)) {
            told.add(words.text("spent.before", words.time((double) resentAfter.toNanos())));
        }
        parts.forEach((part, nanos) -> {
            if (nanos >= LEAST_SHARE * record.nanos()) {
                told.add(words.time((double) nanos) + " " + part);
            }
        });
        return words.text("spent", words.list(told));
    }

    private void take(Step step) {
        switch (step) {
            case Step.Started started -> {
                inFlight.add(started.attempt());
                backsOff = false;
            }
            case Step.Ended ended -> inFlight.remove(ended.attempt());
            case Step.Responded one ->
                responded |= one.attempt() == record.end().attempt();
            case Step.BackedOff waits -> backsOff = true;
            case Step.Chosen _, Step.Decided _, Step.Paid _, Step.Concluded _ -> {
                // takes no time
            }
        }
    }

    private String part() {
        if (inFlight.isEmpty()) {
            return words.text(backsOff ? "spent.back-off" : "spent.gateway");
        }
        int winner = record.end().attempt();
        int attempt = inFlight.contains(winner) ? winner : inFlight.getLast();
        String instance = String.valueOf(record.instance(attempt));
        return attempt == winner && responded
                ? words.text("spent.response", instance)
                : words.text("spent.attempt", instance, attempt);
    }
}
