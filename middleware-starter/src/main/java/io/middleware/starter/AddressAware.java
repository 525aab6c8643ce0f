package io.middleware.starter;

/**
 * A registration whose server may get another address while it runs. The heartbeat asks each time, and registers it
 * anew.
 */
public interface AddressAware {

    /** Where the server is reached now. */
    String currentAddress();
}
