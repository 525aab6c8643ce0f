package io.middleware.core;

import java.util.regex.Pattern;

/**
 * How an attempt ended.
 *
 * @param code     the server's own word when {@code ANSWERED}, else what a caller would be told
 * @param reason   what happened, in words for a person; null when the server answered and the call's caller is told its words
 * @param evidence what it says of the instance's health
 */
public record Outcome(Kind kind, Code code, String reason, Evidence evidence) {

    /** What is known of the method's execution. */
    public enum Kind {
        /** The server said how it ended, application errors included. */
        ANSWERED,
        /** The server has not executed it, provably. */
        UNSENT,
        /** It may have been executed. */
        IN_DOUBT,
        /** The server objects to the request itself: another instance would too. It may have been executed even so. */
        REJECTED
    }

    /** What an outcome says of the instance's health. */
    public enum Evidence {
        /** It works. */
        GOOD,
        /** It does not, this time. */
        BAD,
        /** No connection can be made: nothing sent to it will arrive. */
        UNREACHABLE,
        /** The same, and not even a refusal came back. */
        SILENT,
        /** It failed or its request did: a failure only where the instance's peers take what they get. */
        AMBIGUOUS,
        /** Nothing: the caller's doing, or a server that is well but busy. */
        NONE
    }

    private static final int LONGEST_WORDS = 500;
    /** How grpc-java and C-core, Go, Node and .NET begin; other libraries leave the message empty. */
    private static final Pattern NOT_THERE = Pattern.compile(
            "^(Method not found|unknown (service|method) |The server does not implement |(Service|Method) is unimplemented)");

    private static final Outcome[] ANSWERS = new Outcome[Code.values().length];

    static {
        for (Code code : Code.values()) {
            ANSWERS[code.ordinal()] = new Outcome(
                    Kind.ANSWERED,
                    code,
                    null,
                    switch (code) {
                        case UNAVAILABLE -> Evidence.BAD;
                        case RESOURCE_EXHAUSTED, CANCELLED, DEADLINE_EXCEEDED -> Evidence.NONE;
                        default -> Evidence.GOOD;
                    });
        }
    }

    public static Outcome answered(Code code) {
        return ANSWERS[code.ordinal()];
    }

    /**
     * Returns what the server says at the end.
     *
     * @param begun      the response had begun: what was called is there
     * @param repeatable see {@link #unimplemented}
     */
    public static Outcome of(Headers trailers, boolean begun, boolean repeatable) {
        Code code = trailers.code();
        if (code.asksForAnotherInstance()) {
            return refused(code, trailers.message());
        }
        return code == Code.UNIMPLEMENTED && !begun ? unimplemented(trailers.message(), repeatable) : answered(code);
    }

    /** The server asks for another instance. {@code words}: its own; may be empty. */
    static Outcome refused(Code code, String words) {
        return words.isEmpty()
                ? answered(code)
                : new Outcome(Kind.ANSWERED, code, shortened(words), answered(code).evidence);
    }

    /**
     * The server says that it does not have what was called, which another instance may have.
     *
     * @param words      its own; may be empty
     * @param repeatable the call may run more than once; else the outcome is {@code UNSENT} only by the words of libraries, which
     *                   say it before anything of the application runs
     */
    static Outcome unimplemented(String words, boolean repeatable) {
        return repeatable || words.isEmpty() || NOT_THERE.matcher(words).find()
                ? new Outcome(
                        Kind.UNSENT,
                        Code.UNIMPLEMENTED,
                        "answered UNIMPLEMENTED" + (words.isEmpty() ? "" : ": " + shortened(words)),
                        Evidence.NONE)
                : answered(Code.UNIMPLEMENTED);
    }

    /** No connection could be made. */
    public static Outcome unreachable(String reason) {
        return new Outcome(Kind.UNSENT, Code.UNAVAILABLE, reason, Evidence.UNREACHABLE);
    }

    /** Nothing came back in time: neither a connection nor its refusal, or no answer to a ping. */
    public static Outcome silent(String reason) {
        return new Outcome(Kind.UNSENT, Code.UNAVAILABLE, reason, Evidence.SILENT);
    }

    /** The server refused it before running it, or never saw it whole; a server that drains does so in good health. */
    public static Outcome unsent(String reason) {
        return new Outcome(Kind.UNSENT, Code.UNAVAILABLE, reason, Evidence.NONE);
    }

    /** The connection or the stream broke. */
    public static Outcome broken(Code code, String reason) {
        return new Outcome(Kind.IN_DOUBT, code, reason, Evidence.BAD);
    }

    /** The server ended the stream because of the request on it. */
    public static Outcome rejected(Code code, String reason) {
        return new Outcome(Kind.REJECTED, code, reason, Evidence.AMBIGUOUS);
    }

    /** The server ended the connection because of a request on it, which may be this one or a stranger's. */
    public static Outcome brokenByRequest(String reason) {
        return new Outcome(Kind.IN_DOUBT, Code.UNAVAILABLE, reason, Evidence.AMBIGUOUS);
    }

    /** The same, and the server has not executed this one. */
    public static Outcome unsentByRequest(String reason) {
        return new Outcome(Kind.UNSENT, Code.UNAVAILABLE, reason, Evidence.AMBIGUOUS);
    }

    /** The call's deadline passed first: slow is not dead. */
    public static Outcome expired() {
        return new Outcome(Kind.IN_DOUBT, Code.DEADLINE_EXCEEDED, "no answer before the deadline", Evidence.NONE);
    }

    /** The caller went away first. */
    public static Outcome cancelled() {
        return new Outcome(Kind.IN_DOUBT, Code.CANCELLED, "cancelled", Evidence.NONE);
    }

    /** The request may be what the server objects to. */
    public boolean blamesRequest() {
        return evidence == Evidence.AMBIGUOUS;
    }

    /** Whether it shows how well the instance works: it ended by the instance's doing, and not by time or a lost connection. */
    public boolean showsWork() {
        return switch (kind) {
            case ANSWERED -> code != Code.DEADLINE_EXCEEDED;
            case IN_DOUBT -> code != Code.UNAVAILABLE && code != Code.DEADLINE_EXCEEDED && code != Code.CANCELLED;
            case REJECTED -> true;
            case UNSENT -> code == Code.UNIMPLEMENTED;
        };
    }

    /**
     * Whether it is a failure where the instance's peers answer: nothing that a caller causes. A reset is one whatever its code, and
     * {@code UNIMPLEMENTED} too, as only instances are called that list the gRPC service.
     */
    public boolean failed() {
        return switch (kind) {
            case ANSWERED ->
                switch (code) {
                    case UNKNOWN, UNIMPLEMENTED, INTERNAL, DATA_LOSS, RESOURCE_EXHAUSTED, UNAVAILABLE -> true;
                    default -> false;
                };
            case IN_DOUBT, REJECTED -> true;
            case UNSENT -> code == Code.UNIMPLEMENTED;
        };
    }

    /** For a person: what the server said, or what happened. */
    public String inWords() {
        return kind != Kind.ANSWERED ? reason : "answered " + code + (reason == null ? "" : ": " + reason);
    }

    /** What several servers said has to fit into one header. */
    private static String shortened(String words) {
        return words.length() <= LONGEST_WORDS ? words : words.substring(0, LONGEST_WORDS) + "...";
    }
}
