package io.middleware.load;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.stream.Collectors;

/** The words for the figures of a run, in one language. */
final class SummaryTexts {

    private final ResourceBundle bundle;
    private final Locale locale;

    /** @param language {@code en} or {@code pt} */
    SummaryTexts(String language) {
        locale = Locale.of(language);
        bundle = ResourceBundle.getBundle(
                "io.middleware.load.texts",
                locale,
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    String of(String key, Object... values) {
        return new MessageFormat(bundle.getString(key), locale).format(values);
    }

    /** Returns who answered how many calls, by the name of the instance. */
    String answeredBy(Map<String, Long> calls) {
        return calls.isEmpty()
                ? of("answered.none")
                : of(
                        "answered",
                        calls.entrySet().stream()
                                .map(each -> of("answered.instance", each.getKey(), each.getValue()))
                                .collect(Collectors.joining(", ")));
    }

    /** Returns how many calls were lost for one reason. */
    String lost(long calls, String example) {
        return of(calls == 1 ? "lost.one" : "lost.some", calls, example);
    }
}
