package io.middleware.starter;

/**
 * A registration whose server may get another address while it runs. The heartbeat asks for the address each time, and
 * registers a new one.
 */
public interface AddressAware {

    /** Returns the address under which the server is reached now. */
    String currentAddress();
}
