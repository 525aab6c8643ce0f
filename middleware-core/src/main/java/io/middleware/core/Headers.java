package io.middleware.core;

import java.util.List;

/** The names and values before or after a message, in the form of the transport they came by. */
public interface Headers {
    /** The first value of a lower-case name, or null. */
    CharSequence get(CharSequence name);

    /** Every value of a lower-case name, in their order; empty where there is none. */
    List<? extends CharSequence> all(CharSequence name);

    /** What the server says of the call: its {@code grpc-status}, or what its HTTP status stands for where it gave none. */
    Code code();

    /** What the server says of the call in words, as text; empty where it says none. */
    String message();

    /** The same, which stays so whatever becomes of this. */
    Headers copy();
}
