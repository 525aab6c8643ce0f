package io.middleware.core.call;

import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Counts;
import io.middleware.core.Outcome;
import io.middleware.core.stale.StaleRecorder;
import java.time.Duration;

/**
 * The last link of the chain: a call that no server answers gets the last good answer, if there is one. Confined to the call's
 * thread.
 */
public final class Fallback {
    private final StaleRecorder lastGood;
    private final ResponseWriter answer;
    private final Race race;
    private final Counts counts;
    private Runnable lastWord;

    Fallback(StaleRecorder lastGood, ResponseWriter answer, Race race, Counts counts) {
        this.lastGood = lastGood;
        this.answer = answer;
        this.race = race;
        this.counts = counts;
    }

    /** More of the request; the chunk stays the giver's. */
    void send(Chunk chunk, boolean last) {
        lastGood.send(chunk, last);
        requestGrew();
    }

    void halfClose() {
        lastGood.halfClose();
        requestGrew();
    }

    /** No server answers any more, and the rest of the request is waited for, to know what is asked. */
    boolean waits() {
        return lastWord != null;
    }

    /** No server answers, and the caller would be told {@code code}. {@code word} ends the call so. */
    void unanswered(Code code, Runnable word) {
        if (waits()) {
            lastWord.run(); // the time is over, and what was wrong before is still so
        } else if (code != Code.UNAVAILABLE) {
            word.run();
        } else if (lastGood.awaitsRequest()) {
            lastWord = word;
            race.rest();
            lastGood.onWritabilityChanged();
        } else {
            end(word);
        }
    }

    /** How old the answer is that was given; null when none was. */
    Duration age() {
        return lastGood.age();
    }

    private void requestGrew() {
        if (waits() && !answer.done() && !lastGood.awaitsRequest()) {
            end(lastWord);
        }
    }

    private void end(Runnable word) {
        race.stop(Outcome.expired());
        race.running().settleFor(null);
        if (lastGood.give(answer)) {
            counts.fellBack(Counts.Fallback.STALE);
        } else {
            word.run();
        }
    }
}
