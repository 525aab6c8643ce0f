package io.middleware.load.report;

import java.util.Locale;

/** How a call is drawn. All marks but the first are unusual: they are never thinned out. */
public enum Mark {
    /** Answered at the first attempt. */
    ORDINARY,
    /** Answered, but late. */
    SLOW,
    /** Answered after another attempt: a retry or a hedge. */
    MOVED,
    /** Answered by a secondary, or by a stale response. */
    FALLBACK,
    /** Refused at once, or failed by the server itself, where the fault under test allows that. */
    REFUSED,
    /** Not idempotent, and failed: it may have run, so nobody retried it. */
    IN_DOUBT,
    /** Failed, and must not have. */
    LOST;

    boolean ordinary() {
        return this == ORDINARY;
    }

    boolean answered() {
        return compareTo(REFUSED) < 0;
    }

    /** Returns its class in the style sheet, and the end of its keys in the texts. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
