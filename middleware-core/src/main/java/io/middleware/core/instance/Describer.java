package io.middleware.core.instance;

/**
 * Asks a server again what its methods promise. An ejected instance is described before it comes back: without a description, calls
 * that fail there are not retried.
 */
public interface Describer {
    /** Describes nothing. */
    Describer NONE = (instance, done) -> done.run();

    /** Asks the instance's server. {@code done}: called once with the answer known or, after a failure, unknown; on any thread. */
    void describe(Instance instance, Runnable done);
}
