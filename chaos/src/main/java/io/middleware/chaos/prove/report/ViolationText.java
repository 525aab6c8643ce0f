package io.middleware.chaos.prove.report;

import io.middleware.chaos.prove.book.Execution;
import io.middleware.chaos.prove.check.Violation;
import io.middleware.chaos.prove.history.Submission;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** A call that breaks a rule: what its caller did and was told, and what servers executed. */
final class ViolationText {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private ViolationText() {}

    /** Returns the rule that it breaks, in a sentence. */
    static String title(Violation violation, Texts texts) {
        return texts.of("rule." + violation.rule().key(), violation.executions().size());
    }

    /** Returns a line for each submission, and for each execution. */
    static List<String> lines(Violation violation, Texts texts) {
        List<String> lines = new ArrayList<>();
        violation.submissions().forEach(call -> lines.add(line(call, texts)));
        violation.executions().forEach(execution -> lines.add(line(execution, texts)));
        if (violation.executions().isEmpty()) {
            lines.add(texts.of("violation.nowhere"));
        }
        return lines;
    }

    private static String line(Submission call, Texts texts) {
        String text = texts.of(
                "violation.call",
                call.callId(),
                call.protocol(),
                time(call.beginMicros()),
                time(call.endMicros()),
                texts.of("told." + call.told().name()),
                call.status());
        StringBuilder line = new StringBuilder(text);
        if (!call.key().isEmpty()) {
            line.append(texts.of("violation.key", call.key()));
        }
        if (!call.instance().isEmpty()) {
            line.append(texts.of("violation.by", call.instance()));
        }
        if (call.attempts() > 1) {
            line.append(texts.of("violation.attempts", call.attempts()));
        }
        if (call.replayed()) {
            line.append(texts.of("violation.replayed"));
        }
        return line.toString();
    }

    private static String line(Execution execution, Texts texts) {
        return texts.of(
                execution.key().isEmpty() ? "violation.executed" : "violation.executed.key",
                execution.instance(),
                time(execution.beganMicros()),
                execution.callId(),
                execution.key());
    }

    private static String time(long micros) {
        return TIME.format(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
    }
}
