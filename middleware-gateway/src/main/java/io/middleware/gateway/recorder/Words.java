package io.middleware.gateway.recorder;

import java.text.MessageFormat;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;

/** Texts and figures in the language of a reader: English or Portuguese. */
final class Words {
    private static final String BUNDLE = "io.middleware.gateway.recorder.why";
    private static final ResourceBundle.Control NO_OTHER_LANGUAGE =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

    private final Locale locale;
    private final ResourceBundle bundle;

    /** {@code language}: {@code pt} or anything else, which is English. */
    Words(String language) {
        this.locale = language.startsWith("pt") ? Locale.forLanguageTag("pt-BR") : Locale.ENGLISH;
        this.bundle = ResourceBundle.getBundle(BUNDLE, locale, NO_OTHER_LANGUAGE);
    }

    String text(String key, Object... values) {
        return new MessageFormat(bundle.getString(key), locale).format(values);
    }

    /**
     * Returns the translation of a text of the core, which is English; the text itself if there is none. A key that ends
     * with {@code -...} translates the beginning only: what follows is translated by itself, and a server's own words stay.
     */
    String translated(String prefix, String english) {
        String key = prefix + "." + english.replace(' ', '-');
        if (bundle.containsKey(key)) {
            return bundle.getString(key);
        }
        for (int end = english.indexOf(' '); end > 0; end = english.indexOf(' ', end + 1)) {
            String beginning = prefix + "." + english.substring(0, end).replace(' ', '-') + "-...";
            if (bundle.containsKey(beginning)) {
                return bundle.getString(beginning) + " " + translated(prefix, english.substring(end + 1));
            }
        }
        return english;
    }

    /** Returns a time with three digits at most: {@code 0.42 ms}, {@code 12 ms}, {@code 1.5 s}. */
    String time(double nanos) {
        double millis = nanos / 1e6;
        return Math.abs(millis) < 1000 ? figure(millis) + " ms" : figure(millis / 1000) + " s";
    }

    /** Returns milliseconds with two digits after the point. */
    String millis(double micros) {
        return String.format(locale, "%,.2f ms", micros / 1e3);
    }

    String figure(double value) {
        NumberFormat format = NumberFormat.getNumberInstance(locale);
        format.setMaximumFractionDigits(Math.abs(value) < 1 ? 2 : Math.abs(value) < 10 ? 1 : 0);
        return format.format(value);
    }

    String list(List<String> parts) {
        return String.join("; ", parts);
    }
}
