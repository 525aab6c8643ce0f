package io.middleware.starter;

/**
 * The address under which others reach this machine. It may become another while the machine runs: a container that is
 * disconnected from its network and connected again usually gets a new one.
 */
@FunctionalInterface
public interface MachineAddress {

    /**
     * The address at this moment.
     *
     * @param before what it was, which it stays as long as the machine has it, or has no other; null at the start
     */
    String now(String before);
}
