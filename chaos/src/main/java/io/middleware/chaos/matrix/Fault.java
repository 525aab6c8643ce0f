package io.middleware.chaos.matrix;

import io.middleware.chaos.stack.FaultInjector;

/**
 * A row of the matrix.
 *
 * @param id      a number, and a letter where the number has several rows
 * @param what    what happens, in a few words
 * @param goal    what callers may notice of it
 * @param setting how servers and callers are set up beforehand
 * @param script  breaks something. What it has not mended itself is mended ten seconds after the start
 */
record Fault(String id, String what, Goal goal, Setting setting, Script script) {

    interface Script {
        void play(FaultInjector injector) throws InterruptedException;
    }

    /**
     * What a row must reach. In each row no idempotent call may be lost, and no other may run twice. 0 means no further
     * goal.
     *
     * @param aboveNormalMillis latency of the slowest call, less that of the run without a fault
     * @param p999Millis        latency of 99.9 % of the calls
     * @param attemptsPerCall   mean number of attempts
     * @param servedPerSecond   calls served under overload. 99 % of the others are to be refused within {@value
     *                          #AT_ONCE_MILLIS} ms, and one second after the overload all must be normal
     * @param failingShare      share of calls that may get the server's own error, which is not retried
     * @param bySecondary       whether a secondary must respond
     */
    record Goal(
            long aboveNormalMillis,
            long p999Millis,
            double attemptsPerCall,
            double servedPerSecond,
            double failingShare,
            boolean bySecondary) {
        static final int AT_ONCE_MILLIS = 100;

        static Goal nothingLost() {
            return new Goal(0, 0, 0, 0, 0, false);
        }

        static Goal slowest(long aboveNormalMillis) {
            return new Goal(aboveNormalMillis, 0, 0, 0, 0, false);
        }

        static Goal p999(long millis) {
            return new Goal(0, millis, 0, 0, 0, false);
        }

        static Goal attempts(double perCall) {
            return new Goal(0, 0, perCall, 0, 0, false);
        }

        static Goal served(double perSecond) {
            return new Goal(0, 0, 0, perSecond, 0, false);
        }

        static Goal failing(double share) {
            return new Goal(0, 0, 0, 0, share, false);
        }

        Goal servedBySecondary() {
            return new Goal(aboveNormalMillis, p999Millis, attemptsPerCall, servedPerSecond, failingShare, true);
        }
    }

    /**
     * @param slow    how much longer each server takes: see {@link SlowServers}
     * @param hedging whether gRPC calls are made by the project's client, which hedges
     */
    record Setting(String slow, boolean hedging) {
        static final Setting USUAL = new Setting("", false);
        static final Setting OWN_CLIENT = new Setting("", true);
        static final Setting IN_FLIGHT = new Setting("slow=50ms", false);
        static final Setting LONG_CALLS = new Setting("slow=3s", true);
    }

    int number() {
        return Integer.parseInt(id.replaceAll("\\D", ""));
    }
}
