package io.middleware.load;

/**
 * Which calls keep the priority that the gateways' rules give them. The others ask to be sheddable, by a header. Follows from the
 * call's id, so that nobody has to remember it.
 *
 * @param critical share of the calls that keep it; 1 for all
 */
record PriorityShare(double critical) {
    static final PriorityShare ALL = new PriorityShare(1);
    static final String HEADER = "middleware-priority";
    static final String SHEDDABLE = "sheddable";

    private static final double ALL_IDS = 0x1p64;

    /** Returns whether a call asks to be sheddable. {@code callId}: 64 random bits in hexadecimal. */
    boolean sheddable(String callId) {
        if (critical >= 1) {
            return false;
        }
        long bits = Long.parseUnsignedLong(callId, 16);
        return (bits >>> 1) * 2.0 >= critical * ALL_IDS;
    }

    boolean divides() {
        return critical < 1;
    }
}
