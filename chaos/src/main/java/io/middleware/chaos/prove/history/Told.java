package io.middleware.chaos.prove.history;

/** What a caller knows about the execution of its call from the response. */
public enum Told {
    /** It was executed: the response is there. Jepsen's {@code ok}. */
    OK,
    /** It was provably not executed. Jepsen's {@code fail}. */
    NOT_EXECUTED,
    /** It may have been executed, or nothing is said about that. Jepsen's {@code info}. */
    UNKNOWN,
    /** It may have been executed, says a gateway that tried no server. Jepsen's {@code info}, but a false alarm. */
    UNFOUNDED
}
