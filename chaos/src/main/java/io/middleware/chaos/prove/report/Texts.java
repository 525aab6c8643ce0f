package io.middleware.chaos.prove.report;

import io.middleware.load.report.TextBundle;

/** All texts of a proof, in one language. */
public final class Texts extends TextBundle {
    /** @param language {@code en} or {@code pt} */
    public Texts(String language) {
        super("io.middleware.chaos.prove.texts", language);
    }
}
