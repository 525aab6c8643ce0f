package io.middleware.chaos.demo;

import io.middleware.chaos.stack.FaultInjector;

/**
 * Something that happens to the stack.
 *
 * @param name   as the command line and the texts know it
 * @param script breaks something and mends it
 */
record Act(String name, Script script) {

    interface Script {
        void play(FaultInjector injector) throws InterruptedException;
    }
}
