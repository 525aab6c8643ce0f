package io.middleware.load.report;

import java.util.List;

/**
 * Calls by time, with the faults meanwhile.
 *
 * @param caption    what is seen, in a few words
 * @param verdict    its result; without text where the chapter has said it
 * @param fromMicros its left end, in microseconds since 1970
 * @param instances  those that have a lane even without a response
 * @param unkept     calls without dots
 */
public record Timeline(
        String caption,
        Report.Verdict verdict,
        long fromMicros,
        long toMicros,
        List<Dot> dots,
        List<Band> bands,
        List<String> instances,
        Unkept unkept) {

    /** Numbers of calls of which no dots were kept, for lack of memory. */
    public record Unkept(long ordinary, long unusual) {

        public static final Unkept NONE = new Unkept(0, 0);
    }
}
