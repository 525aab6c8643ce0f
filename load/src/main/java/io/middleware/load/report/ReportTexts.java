package io.middleware.load.report;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** The words of every report, in one language. */
final class ReportTexts {

    private final ResourceBundle bundle;
    private final Locale locale;

    /** @param language {@code en} or {@code pt} */
    ReportTexts(String language) {
        locale = Locale.of(language);
        bundle = ResourceBundle.getBundle(
                "io.middleware.load.report.texts",
                locale,
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    String of(String key, Object... values) {
        return new MessageFormat(bundle.getString(key), locale).format(values);
    }
}
