package io.middleware.systemtests;

import java.util.List;

/**
 * Outcome of one call by any protocol.
 *
 * @param messages the texts of the replies that came, in order
 * @param error    code and message of the error in the protocol's own form; empty after a successful call
 * @param retried  whether an instance failed before another one responded
 */
record Received(List<String> messages, String error, boolean retried) {

    boolean isWhole(List<String> expected) {
        return error.isEmpty() && messages.equals(expected);
    }

    /** Returns whether it began as expected, and ended with an error that says that its server was lost. */
    boolean brokeOff(List<String> expected) {
        return !messages.isEmpty()
                && messages.size() <= expected.size()
                && messages.equals(expected.subList(0, messages.size()))
                && error.startsWith("unavailable: hello-")
                && error.contains("broke off in the middle of its response");
    }
}
