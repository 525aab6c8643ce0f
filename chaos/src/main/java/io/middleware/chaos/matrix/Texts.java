package io.middleware.chaos.matrix;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** What the matrix says about goals, and the words of its page, in one language. */
final class Texts {

    static final Texts ENGLISH = new Texts("en");

    private final ResourceBundle bundle;
    private final Locale locale;

    /** @param language {@code en} or {@code pt} */
    Texts(String language) {
        locale = Locale.of(language);
        bundle = ResourceBundle.getBundle(
                "io.middleware.chaos.matrix.texts",
                locale,
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    String language() {
        return locale.getLanguage();
    }

    String of(String key, Object... values) {
        return new MessageFormat(bundle.getString(key), locale).format(values);
    }

    /** Returns what happens in a row. The English words are the row's own. */
    String title(Fault fault) {
        String key = "fault." + fault.id();
        return fault.id() + ", " + (bundle.containsKey(key) ? bundle.getString(key) : fault.what());
    }
}
