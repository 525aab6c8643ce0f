package io.middleware.load.report;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** Texts with values in one language, from a bundle that has them in all. */
public class TextBundle {

    private final ResourceBundle bundle;
    private final Locale locale;

    /**
     * Reads the bundle.
     *
     * @param name     of the bundle
     * @param language {@code en} or {@code pt}
     */
    public TextBundle(String name, String language) {
        locale = Locale.of(language);
        bundle = ResourceBundle.getBundle(
                name, locale, ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    public final String language() {
        return locale.getLanguage();
    }

    /** Returns a text with its values in the form of {@link MessageFormat}. */
    public final String of(String key, Object... values) {
        return new MessageFormat(bundle.getString(key), locale).format(values);
    }

    protected final ResourceBundle bundle() {
        return bundle;
    }

    protected final Locale locale() {
        return locale;
    }
}
