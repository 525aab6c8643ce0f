package io.middleware.core;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended.
 *
 * @param code     the server's status when {@code ANSWERED}, else the status that the caller would get
 * @param reason   what happened, for a person; null when the server answered and its message goes to the caller
 * @param evidence what the outcome says of the instance's health
 */
public record Outcome(Kind kind, Code code, @Nullable String reason, Evidence evidence) {

    /** What is known about the execution of the call. */
    public enum Kind {
        /** The server gave a status, application errors included. */
        ANSWERED,
        /** The server provably never executed the call. */
        UNSENT,
        /** The call may have been executed. */
        IN_DOUBT,
        /**
         * The server objects to the request itself, as another instance would. The call may even so have been executed.
         */
        REJECTED
    }

    /** What an outcome says of the instance's health. The outlier detection rests on it. */
    public enum Evidence {
        /** The instance works. */
        GOOD,
        /** The instance failed this time. */
        BAD,
        /** No connection can be made: no request will arrive. */
        UNREACHABLE,
        /** No connection can be made, and not even a refusal came back. */
        SILENT,
        /**
         * The instance or the request is to blame. Counts as a failure only if the peers of the instance do not fail.
         */
        AMBIGUOUS,
        /** None: the caller caused it, or the server is healthy but busy. */
        NONE
    }

    private static final int MAX_MESSAGE_LENGTH = 500;
    /** How the messages of grpc-java and C-core, Go, Node and .NET begin; other libraries leave the message empty. */
    private static final Pattern LIBRARY_MESSAGE = Pattern.compile(
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
     * Returns the outcome for a server's trailers.
     *
     * @param begun      whether the response had begun, so that the method exists
     * @param idempotent see {@link #unimplemented}
     */
    public static Outcome of(Headers trailers, boolean begun, boolean idempotent) {
        Code code = trailers.code();
        if (code.asksForAnotherInstance()) {
            return refused(code, trailers.message());
        }
        return code == Code.UNIMPLEMENTED && !begun ? unimplemented(trailers.message(), idempotent) : answered(code);
    }

    /** Returns the outcome when the server asks for another instance. {@code message}: the server's; may be empty. */
    static Outcome refused(Code code, String message) {
        return message.isEmpty()
                ? answered(code)
                : new Outcome(Kind.ANSWERED, code, shortened(message), answered(code).evidence);
    }

    /**
     * Returns the outcome when the server says that it lacks the method, which another instance may have.
     *
     * @param message    the server's; may be empty
     * @param idempotent if false, the outcome is {@code UNSENT} only for the messages of gRPC libraries, which respond
     *                   before any application code runs; an application may say {@code UNIMPLEMENTED} after it did
     *                   something
     */
    static Outcome unimplemented(String message, boolean idempotent) {
        return idempotent
                        || message.isEmpty()
                        || LIBRARY_MESSAGE.matcher(message).find()
                ? new Outcome(
                        Kind.UNSENT,
                        Code.UNIMPLEMENTED,
                        "answered UNIMPLEMENTED" + (message.isEmpty() ? "" : ": " + shortened(message)),
                        Evidence.NONE)
                : answered(Code.UNIMPLEMENTED);
    }

    /** Returns the outcome when no connection could be made. */
    public static Outcome unreachable(String reason) {
        return new Outcome(Kind.UNSENT, Code.UNAVAILABLE, reason, Evidence.UNREACHABLE);
    }

    /** Returns the outcome when nothing came back in time: no connection, no refusal, or no ping response. */
    public static Outcome silent(String reason) {
        return new Outcome(Kind.UNSENT, Code.UNAVAILABLE, reason, Evidence.SILENT);
    }

    /**
     * Returns the outcome when the server refused the call before running it, or never got all of it. A healthy server
     * does so while it drains.
     */
    public static Outcome unsent(String reason) {
        return new Outcome(Kind.UNSENT, Code.UNAVAILABLE, reason, Evidence.NONE);
    }

    /** Returns the outcome when the connection or the stream broke. */
    public static Outcome broken(Code code, String reason) {
        return new Outcome(Kind.IN_DOUBT, code, reason, Evidence.BAD);
    }

    /** Returns the outcome when the server ended the stream because of its request. */
    public static Outcome rejected(Code code, String reason) {
        return new Outcome(Kind.REJECTED, code, reason, Evidence.AMBIGUOUS);
    }

    /** Returns the outcome when the server ended the connection because of a request, either this one or another's. */
    public static Outcome brokenByRequest(String reason) {
        return new Outcome(Kind.IN_DOUBT, Code.UNAVAILABLE, reason, Evidence.AMBIGUOUS);
    }

    /** Returns the outcome when the server ended the connection because of a request, and did not execute this one. */
    public static Outcome unsentByRequest(String reason) {
        return new Outcome(Kind.UNSENT, Code.UNAVAILABLE, reason, Evidence.AMBIGUOUS);
    }

    /** Returns the outcome when the deadline passed. No evidence: a slow instance is not a dead one. */
    public static Outcome expired() {
        return new Outcome(Kind.IN_DOUBT, Code.DEADLINE_EXCEEDED, "no answer before the deadline", Evidence.NONE);
    }

    /** Returns the outcome when the caller cancelled, or another attempt won. */
    public static Outcome cancelled() {
        return new Outcome(Kind.IN_DOUBT, Code.CANCELLED, "cancelled", Evidence.NONE);
    }

    /** Whether the request may be to blame. */
    public boolean blamesRequest() {
        return evidence == Evidence.AMBIGUOUS;
    }

    /** Whether this shows how well the instance works: the instance ended it, not the time or a lost connection. */
    public boolean showsWork() {
        return switch (kind) {
            case ANSWERED -> code != Code.DEADLINE_EXCEEDED;
            case IN_DOUBT -> code != Code.UNAVAILABLE && code != Code.DEADLINE_EXCEEDED && code != Code.CANCELLED;
            case REJECTED -> true;
            case UNSENT -> code == Code.UNIMPLEMENTED;
        };
    }

    /**
     * Whether this counts as a failure when the instance is compared with its peers: nothing that a caller causes. A
     * reset counts whatever its code. {@code UNIMPLEMENTED} counts because a call goes only to instances that list the
     * gRPC service.
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

    /** Returns what the server said, or what happened, for a person. */
    public String inWords() {
        return kind != Kind.ANSWERED
                ? Objects.requireNonNullElse(reason, "it gives no reason")
                : "answered " + code + (reason == null ? "" : ": " + reason);
    }

    /** Shortens a server's message: those of several servers must fit into one header. */
    private static String shortened(String message) {
        return message.length() <= MAX_MESSAGE_LENGTH ? message : message.substring(0, MAX_MESSAGE_LENGTH) + "...";
    }
}
