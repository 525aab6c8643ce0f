package io.middleware.chaos.demo;

import io.middleware.load.report.TextBundle;
import java.util.List;
import java.util.OptionalLong;

/** All texts of the demonstration, in one language. */
final class Texts extends TextBundle {
    /** @param language {@code en} or {@code pt} */
    Texts(String language) {
        super("io.middleware.chaos.demo.texts", language);
    }

    String title(Act act) {
        return bundle().getString("act." + act.name() + ".title");
    }

    /** Returns what is about to happen, and which concept it shows. */
    String explanation(Act act) {
        return bundle().getString("act." + act.name() + ".says");
    }

    /** Returns {@code 412 calls, 0 lost, slowest 31 ms, noticed after 4 ms, back after 1.2 s}. */
    String verdict(Verdict verdict) {
        StringBuilder text = new StringBuilder(of(
                "verdict",
                verdict.calls(),
                verdict.lost(),
                time(verdict.window().slowest())));
        verdict.noticed().ifPresent(micros -> text.append(of("verdict.noticed", time(micros))));
        verdict.back().ifPresent(micros -> text.append(of("verdict.back", time(micros))));
        return text.toString();
    }

    /** Returns the result of all acts. */
    String end(List<Verdict> verdicts) {
        int calls = verdicts.stream().mapToInt(Verdict::calls).sum();
        int lost = verdicts.stream().mapToInt(Verdict::lost).sum();
        return of(lost == 0 ? "end.good" : "end.bad", calls, lost);
    }

    String time(OptionalLong micros) {
        return micros.isPresent() ? time(micros.getAsLong()) : "-";
    }

    String time(long micros) {
        return micros < 1_000_000
                ? String.format(locale(), "%d ms", Math.round(micros / 1e3))
                : String.format(locale(), "%.1f s", micros / 1e6);
    }
}
