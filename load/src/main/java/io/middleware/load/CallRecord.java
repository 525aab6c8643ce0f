package io.middleware.load;

import java.util.List;

/**
 * A call that ended, as a line of text for other programs: its fields in this order, separated by tabs.
 *
 * @param dueMicros     when it was due, in microseconds since 1970
 * @param latencyMicros from when it was due to its end, so that a call that had to wait for its turn counts the wait
 */
public record CallRecord(long dueMicros, Kind kind, long latencyMicros, String callId, Reply reply) {

    private static final int FIELDS = 9;

    /** @throws IllegalArgumentException if it is no such line */
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

    /** In microseconds since 1970. */
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
