package io.middleware.load;

import io.middleware.load.report.TextBundle;
import java.util.Map;
import java.util.stream.Collectors;

/** The words for the figures of a run, in one language. */
final class SummaryTexts extends TextBundle {
    /** @param language {@code en} or {@code pt} */
    SummaryTexts(String language) {
        super("io.middleware.load.texts", language);
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
