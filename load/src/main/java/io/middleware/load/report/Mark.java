package io.middleware.load.report;

import java.util.Locale;

/** How a call is drawn. All marks but the first are unusual: they are never thinned out. */
public enum Mark {
    /** Response at the first attempt. */
    ORDINARY,
    /** Response, but late. */
    SLOW,
    /** Response after another attempt: a retry or a hedge. */
    MOVED,
    /** Response of a secondary, or a stale one. */
    FALLBACK,
    /** Refused at once, or failed by the server itself, where the fault under test allows that. */
    REFUSED,
    /** Not idempotent, and failed: it may have run, so it was not retried. */
    IN_DOUBT,
    /** Failed, and must not have. */
    LOST;

    boolean ordinary() {
        return this == ORDINARY;
    }

    boolean responded() {
        return compareTo(REFUSED) < 0;
    }

    /** Returns its class in the style sheet, and the end of its keys in the texts. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
