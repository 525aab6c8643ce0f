package io.middleware.gateway.recorder;

import java.util.regex.Pattern;

/** Writes stories of calls for a terminal. */
final class CallText {
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\x{80}-\\x{9f}&&[^\n]]");

    private static final Pattern FINER = Pattern.compile("(\\.\\d{3})\\d+Z$");

    private CallText() {}

    /** Returns one line a sentence, each with the milliseconds since the call came in. */
    static String of(AllGateways.Calls found, String language) {
        Words words = new Words(language);
        StringBuilder text = new StringBuilder();
        for (CallStory call : found.calls()) {
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
                            shortened(call.came())))
                    .append('\n');
            if (call.spent() != null) {
                text.append(call.spent()).append('\n');
            }
            call.sentences()
                    .forEach(sentence ->
                            text.append("%10s  %s%n".formatted(words.millis(sentence.atUs()), sentence.text())));
            if (call.whatIf() != null) {
                text.append('\n').append(call.whatIf()).append('\n');
            }
        }
        found.missing().appendTo(text, words);
        return printable(text);
    }

    /** Returns a line a call. */
    static String list(AllGateways.Calls found, String language) {
        Words words = new Words(language);
        StringBuilder text = new StringBuilder();
        found.calls()
                .forEach(call -> text.append("%s  %-38s %10s  %-18s %-20s %s  %s%s%n"
                        .formatted(
                                shortened(call.came()),
                                call.id(),
                                words.time(call.tookUs() * 1e3),
                                call.code(),
                                call.answeredBy() == null ? "-" : call.answeredBy(),
                                call.path(),
                                String.join(
                                        " ",
                                        call.traits().stream()
                                                .map(trait -> words.text("trait." + trait))
                                                .toList()),
                                call.caller() == null ? "" : "  " + call.caller())));
        found.missing().appendTo(text, words);
        return text.isEmpty() ? words.text("list.none") + "\n" : printable(text);
    }

    /** Leaves out what is finer than milliseconds. */
    private static String shortened(String came) {
        return FINER.matcher(came).replaceFirst("$1Z");
    }

    /** Leaves out what a terminal would obey: ids are callers', and messages servers'. */
    private static String printable(CharSequence text) {
        return CONTROL.matcher(text).replaceAll(" ");
    }
}
