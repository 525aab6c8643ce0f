package io.middleware.core.record;

/** The place of a call in a distributed trace (W3C Trace Context). The call is a span of it, and each of its attempts is one below. */
public interface Trace {
    /** Returns 32 lower-case hexadecimal digits, which all spans of the trace have in common. */
    String traceId();

    /** Returns whether the trace is kept: the spans of all others cost nothing. */
    boolean sampled();

    /** Returns the {@code traceparent} for the server that gets an attempt, by which its span is below that of the attempt. */
    String traceparent(int attempt);
}
