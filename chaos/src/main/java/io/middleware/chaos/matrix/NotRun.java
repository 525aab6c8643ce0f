package io.middleware.chaos.matrix;

/**
 * A fault of which there are no figures.
 *
 * @param possible it should have been played; else this machine does not allow it
 */
record NotRun(Fault fault, boolean possible, String because) implements Row {

    String inWords() {
        return (possible ? "could not be played: " : "not possible here: ")
                + because.replaceAll("\\s+", " ").strip();
    }
}
