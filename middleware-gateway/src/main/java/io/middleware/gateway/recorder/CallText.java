package io.middleware.gateway.recorder;

import java.util.List;

/** Writes stories of calls for a terminal. */
final class CallText {
    private CallText() {}

    /** Returns one line a sentence, each with the milliseconds since the call came in. */
    static String of(List<CallStory> calls, String language) {
        Words words = new Words(language);
        StringBuilder text = new StringBuilder();
        for (CallStory call : calls) {
            String answeredBy = call.answeredBy();
            if (!text.isEmpty()) {
                text.append('\n');
            }
            text.append(words.text(
                            answeredBy == null ? "title.none" : "title",
                            call.id(),
                            call.code(),
                            words.time(call.tookUs() * 1e3),
                            call.attempts(),
                            answeredBy == null ? "" : answeredBy,
                            call.came()))
                    .append('\n');
            call.sentences()
                    .forEach(sentence ->
                            text.append("%10s  %s%n".formatted(words.millis(sentence.atUs()), sentence.text())));
            if (call.whatIf() != null) {
                text.append('\n').append(call.whatIf()).append('\n');
            }
        }
        return text.toString();
    }

    /** Returns a line a call. */
    static String list(List<CallStory> calls, String language) {
        Words words = new Words(language);
        StringBuilder text = new StringBuilder();
        calls.forEach(call -> text.append("%s  %-38s %10s  %-18s %-20s %s  %s%n"
                .formatted(
                        call.came(),
                        call.id(),
                        words.time(call.tookUs() * 1e3),
                        call.code(),
                        call.answeredBy() == null ? "-" : call.answeredBy(),
                        call.path(),
                        String.join(
                                " ",
                                call.traits().stream()
                                        .map(trait -> words.text("trait." + trait))
                                        .toList()))));
        return text.isEmpty() ? words.text("list.none") + "\n" : text.toString();
    }
}
