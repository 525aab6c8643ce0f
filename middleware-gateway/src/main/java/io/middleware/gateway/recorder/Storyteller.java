package io.middleware.gateway.recorder;

import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells of the calls that this gateway keeps. */
final class Storyteller {
    private final Recorder recorder;
    private final String gateway;
    private final Settings settings;
    private final long since;

    /** {@code gateway}: the id of this one. */
    Storyteller(Recorder recorder, String gateway, Settings settings, Ticker ticker) {
        this.recorder = recorder;
        this.gateway = gateway;
        this.settings = settings;
        this.since = ticker.nanos();
    }

    /**
     * Returns all calls with this id.
     *
     * @param language  {@code en} or {@code pt}
     * @param suppose   a setting and its value, see {@link Supposed}; null for none
     */
    List<CallStory> tell(String id, String language, @Nullable String suppose) {
        WhatIf whatIf = suppose == null
                ? null
                : new WhatIf(
                        settings,
                        Supposed.settings(settings, suppose),
                        recorder.all().toList(),
                        since);
        return recorder.find(id).stream()
                .map(call -> CallStory.of(call, gateway, language, whatIf == null ? null : whatIf.tell(call, language)))
                .toList();
    }

    /** Returns the last calls without what happened in them, the newest first. */
    List<CallStory> list(int most) {
        return recorder.all()
                .limit(most)
                .map(call -> CallStory.summary(call, gateway))
                .toList();
    }

    /** Plays all calls again. */
    Rehearsal rehearse() {
        return Rehearsal.of(recorder.all().toList(), settings);
    }
}
