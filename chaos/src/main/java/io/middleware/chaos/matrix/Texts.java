package io.middleware.chaos.matrix;

import io.middleware.load.report.TextBundle;

/** What the matrix says about goals, and the words of its page, in one language. */
final class Texts extends TextBundle {
    static final Texts ENGLISH = new Texts("en");

    /** @param language {@code en} or {@code pt} */
    Texts(String language) {
        super("io.middleware.chaos.matrix.texts", language);
    }

    /** Returns what happens in a row. The English words are the row's own. */
    String title(Fault fault) {
        String key = "fault." + fault.id();
        return fault.id() + ", " + (bundle().containsKey(key) ? bundle().getString(key) : fault.what());
    }
}
