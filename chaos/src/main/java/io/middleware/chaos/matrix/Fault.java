package io.middleware.chaos.matrix;

import io.middleware.chaos.stack.FaultInjector;

/**
 * A row of the matrix.
 *
 * @param id      a number, and a letter when the number has several
 * @param what    happens, in a few words
 * @param goal    what the callers may notice of it
 * @param setting how the servers and the callers are before it
 * @param script  breaks something; it is mended ten seconds after the beginning, if the script has not done so itself
 */
record Fault(String id, String what, Goal goal, Setting setting, Script script) {

    interface Script {
        void play(FaultInjector injector) throws InterruptedException;
    }

    /**
     * No repeatable call may be lost, and no other may run twice; besides:
     *
     * @param aboveNormalMillis the slowest call, less the slowest of the run without a fault; 0 for no goal
     * @param p999Millis        99.9 % of the calls; 0 for no goal
     * @param attemptsPerCall   on the average; 0 for no goal
     * @param servedPerSecond   of more calls than the servers can serve; of the others 99 % are refused within
     *                          {@value #AT_ONCE_MILLIS} ms, and a second after it all is normal. 0 for no goal
     * @param failingShare      of the calls that may get an error of the server's own, which is not retried; 0 for none
     * @param bySecondary       a secondary has to answer
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

        Goal withAnswersOfASecondary() {
            return new Goal(aboveNormalMillis, p999Millis, attemptsPerCall, servedPerSecond, failingShare, true);
        }
    }

    /**
     * @param slow    how much longer each server takes: see {@link SlowServers}
     * @param hedging the gRPC callers use the project's own client
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
