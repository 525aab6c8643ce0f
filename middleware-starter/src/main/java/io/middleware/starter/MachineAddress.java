package io.middleware.starter;

import org.jspecify.annotations.Nullable;

/**
 * The address under which others reach this machine. It may change while the machine runs: a container that is
 * disconnected from its network and connected again usually gets a new one.
 */
@FunctionalInterface
public interface MachineAddress {

    /**
     * Returns the current address.
     *
     * @param before the previous one, which is kept while the machine has it or has no other; none at the start
     */
    String now(@Nullable String before);
}
