package io.middleware.load.report;

/**
 * A time in which a part was broken.
 *
 * @param part       its name
 * @param label      how it was broken, in a word or two
 * @param fromMicros in microseconds since 1970
 */
public record Band(String part, String label, long fromMicros, long toMicros) {}
