package io.middleware.core;

/**
 * Calls that go to the same instance as others with an equal key, unless it is too busy; {@code balancing.Rendezvous} says how it is
 * found.
 *
 * @param rules which calls; they go before the rules that instances give
 * @param bound the most calls in flight at an instance, in times of the mean; 0 for no bound
 * @param least so many calls an instance may have in flight whatever the mean
 */
public record StickySettings(StickyRules rules, double bound, int least) {
    public static final StickySettings DEFAULT = new StickySettings(StickyRules.NONE, 1.25, 10);

    private static final double HIGHEST_BOUND = 1000;

    public StickySettings {
        Settings.check(
                bound == 0 || bound >= 1 && bound <= HIGHEST_BOUND, "sticky.bound", bound, "1 to 1000, or 0 for none");
        Settings.check(least >= 1, "sticky.least", least, "1 or more");
    }

    public boolean bounded() {
        return bound > 0;
    }
}
