package io.middleware.chaos.prove.check;

/** What must hold for each call, whatever failed meanwhile. */
public enum Rule {
    /** A call that is neither marked nor keyed is executed at most once, however it ends. */
    UNMARKED_ONCE,
    /** All submissions with one key have at most one execution among them. */
    KEY_ONCE,
    /** A call that succeeded was executed, and what it wrote is still there. */
    OK_EXECUTED,
    /** A call whose caller was told that it provably was not executed, was not. */
    UNSENT_NOT_EXECUTED,
    /** A caller who was told that its call may have been executed was told so for a reason: there was an attempt. */
    DOUBT_FOUNDED,
    /** All responses to one key are the same. */
    SAME_RESPONSE,
    /** A server executed nothing of this run that no caller asked for. */
    NOTHING_UNASKED;

    /** Returns the end of its keys in the texts. */
    public String key() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
