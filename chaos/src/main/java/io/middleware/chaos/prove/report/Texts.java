package io.middleware.chaos.prove.report;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** All texts of a proof, in one language. */
public final class Texts {

    private final ResourceBundle bundle;
    private final Locale locale;

    /** @param language {@code en} or {@code pt} */
    public Texts(String language) {
        locale = Locale.of(language);
        bundle = ResourceBundle.getBundle(
                "io.middleware.chaos.prove.texts",
                locale,
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    String language() {
        return locale.getLanguage();
    }

    public String of(String key, Object... values) {
        return new MessageFormat(bundle.getString(key), locale).format(values);
    }
}
