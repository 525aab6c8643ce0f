package io.middleware.chaos.stack;

/**
 * A time in which a part was broken.
 *
 * @param how        the command or mode that broke it, such as {@code kill}
 * @param fromMicros in microseconds since 1970
 * @param toMicros   when its mending began; {@link Long#MAX_VALUE} while it is broken
 */
public record FaultSpan(String part, String how, long fromMicros, long toMicros) {

    /** Returns it with its end, unless it has one. */
    FaultSpan endingAt(long micros) {
        return toMicros == Long.MAX_VALUE ? new FaultSpan(part, how, fromMicros, micros) : this;
    }
}
