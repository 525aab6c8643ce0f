package io.middleware.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Header or trailer fields, in the representation of the transport that received them. */
public interface Headers {
    /** Returns the first value of a lower-case name. */
    @Nullable
    CharSequence get(CharSequence name);

    /** Returns all values of a lower-case name in order; empty if there are none. */
    List<? extends CharSequence> all(CharSequence name);

    /**
     * Returns the call's status: the {@code grpc-status}, or if there is none the code that the HTTP status maps to.
     */
    Code code();

    /** Returns the server's status message, decoded; empty if there is none. */
    String message();

    /** Returns a copy that stays valid when the transport reuses or releases the original. */
    Headers copy();
}
