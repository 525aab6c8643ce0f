package io.middleware.chaos.prove.history;

/** What a call promises about being executed again. */
public enum Kind {
    /** Nothing: neither the method nor a key allows a second execution. */
    UNMARKED,
    /** It has an idempotency key: all its submissions together have one effect. */
    KEYED,
    /** Its method is marked as free of side effects. */
    MARKED
}
