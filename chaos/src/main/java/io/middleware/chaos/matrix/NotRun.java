package io.middleware.chaos.matrix;

/**
 * A row without figures.
 *
 * @param possible whether this machine allows it: then it failed, and should not have
 */
record NotRun(Fault fault, boolean possible, String because) implements Row {

    String text() {
        return (possible ? "could not be run: " : "not possible here: ") + reason();
    }

    /** Returns the reason on one line. */
    String reason() {
        return because.replaceAll("\\s+", " ").strip();
    }
}
