package io.middleware.load;

import org.jspecify.annotations.Nullable;

/**
 * Which calls keep the priority that the gateways' rules give them. The others ask for a lower one, by a header. Follows from the
 * call's id, so that nobody has to remember it.
 *
 * @param critical share of the calls that keep it; 1 for all
 * @param others   what the others ask to be: {@value #SHEDDABLE} or {@value #NORMAL}
 */
public record PriorityShare(double critical, String others) {
    public static final PriorityShare ALL = new PriorityShare(1);
    /** No call keeps a priority above the usual one. */
    public static final PriorityShare ALL_NORMAL = new PriorityShare(0, PriorityShare.NORMAL);

    static final String HEADER = "middleware-priority";
    static final String SHEDDABLE = "sheddable";
    static final String NORMAL = "normal";

    private static final double ALL_IDS = 0x1p64;

    /** The others ask to be sheddable. */
    public PriorityShare(double critical) {
        this(critical, SHEDDABLE);
    }

    /** Returns whether a call keeps its priority. {@code callId}: 64 random bits in hexadecimal. */
    public boolean keeps(String callId) {
        if (critical >= 1) {
            return true;
        }
        long bits = Long.parseUnsignedLong(callId, 16);
        return (bits >>> 1) * 2.0 < critical * ALL_IDS;
    }

    /** Returns the priority that a call asks for; null if it keeps its own. */
    @Nullable
    String wish(String callId) {
        return keeps(callId) ? null : others;
    }

    boolean divides() {
        return critical < 1;
    }
}
