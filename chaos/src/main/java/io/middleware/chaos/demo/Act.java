package io.middleware.chaos.demo;

import io.middleware.chaos.stack.FaultInjector;

/**
 * One scene of the demonstration.
 *
 * @param name   its name on the command line and in the texts
 * @param script breaks something and mends it
 */
record Act(String name, Script script) {

    interface Script {
        void play(FaultInjector injector) throws InterruptedException;
    }
}
