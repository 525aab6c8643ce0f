package io.middleware.load;

import java.util.List;

/**
 * A call that has ended. Its text form is a line for other programs: the fields in this order, separated by tabs.
 *
 * @param dueMicros     when it was due, in microseconds since 1970
 * @param latencyMicros time from when it was due to its end, so that a call that was sent late counts the delay
 */
public record CallRecord(long dueMicros, Kind kind, long latencyMicros, String callId, Reply reply) {

    private static final int FIELDS = 9;

    /** @throws IllegalArgumentException if the line has another form */
    public static CallRecord parse(String line) {
        List<String> fields = List.of(line.split("\t", -1));
        if (fields.size() != FIELDS) {
            throw new IllegalArgumentException("expected " + FIELDS + " fields, got: " + line);
        }
        return new CallRecord(
                Long.parseLong(fields.get(0)),
                Kind.valueOf(fields.get(1)),
                Long.parseLong(fields.get(2)),
                fields.get(3),
                new Reply(fields.get(8), fields.get(4), fields.get(5), Integer.parseInt(fields.get(6)), fields.get(7)));
    }

    /** Returns when it ended, in microseconds since 1970. */
    public long endMicros() {
        return dueMicros + latencyMicros;
    }

    @Override
    public String toString() {
        return String.join(
                "\t",
                Long.toString(dueMicros),
                kind.name(),
                Long.toString(latencyMicros),
                callId,
                reply.instance(),
                reply.gateway(),
                Integer.toString(reply.attempts()),
                reply.fallback(),
                reply.error().replaceAll("\\p{Cntrl}+", " "));
    }
}
