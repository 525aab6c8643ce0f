package io.middleware.chaos.matrix;

import io.middleware.chaos.measure.Loads.Callers;
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
     * @param criticalShare     share of the critical calls to be served under overload
     */
    record Goal(
            long aboveNormalMillis,
            long p999Millis,
            double attemptsPerCall,
            double servedPerSecond,
            double failingShare,
            boolean bySecondary,
            double criticalShare) {
        static final int AT_ONCE_MILLIS = 100;

        static Goal nothingLost() {
            return new Goal(0, 0, 0, 0, 0, false, 0);
        }

        static Goal slowest(long aboveNormalMillis) {
            return new Goal(aboveNormalMillis, 0, 0, 0, 0, false, 0);
        }

        static Goal p999(long millis) {
            return new Goal(0, millis, 0, 0, 0, false, 0);
        }

        static Goal attempts(double perCall) {
            return new Goal(0, 0, perCall, 0, 0, false, 0);
        }

        static Goal served(double perSecond) {
            return new Goal(0, 0, 0, perSecond, 0, false, 0);
        }

        static Goal failing(double share) {
            return new Goal(0, 0, 0, 0, share, false, 0);
        }

        Goal critical(double share) {
            return new Goal(
                    aboveNormalMillis, p999Millis, attemptsPerCall, servedPerSecond, failingShare, bySecondary, share);
        }

        Goal servedBySecondary() {
            return new Goal(
                    aboveNormalMillis, p999Millis, attemptsPerCall, servedPerSecond, failingShare, true, criticalShare);
        }
    }

    /**
     * @param slow how much longer each server takes: see {@link SlowServers}
     */
    record Setting(String slow, Callers callers) {
        static final Setting USUAL = new Setting("", Callers.PLAIN);
        static final Setting OWN_CLIENT = new Setting("", Callers.HEDGING);
        static final Setting IN_FLIGHT = new Setting("slow=50ms", Callers.PLAIN);
        static final Setting LONG_CALLS = new Setting("slow=3s", Callers.HEDGING);
        static final Setting THIRD_CRITICAL = new Setting("", new Callers(false, 0.33));
    }

    int number() {
        return Integer.parseInt(id.replaceAll("\\D", ""));
    }
}
