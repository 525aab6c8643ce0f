package io.middleware.starter.exposure;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A port that this program listens on, and what guards it.
 *
 * @param name what it is for
 * @param address that it binds to; null or {@code *} for all addresses of the machine
 * @param port as configured; 0 for any that is free
 * @param tls whether what passes there is encrypted
 * @param callers whether it knows who connects
 */
public record ListeningPort(String name, @Nullable String address, int port, Guard tls, Guard callers) {

    /**
     * What guards a port.
     *
     * @param lacking what callers can do without it
     * @param setting which turns it on
     */
    public record Guard(boolean present, String lacking, String setting) {}

    /** Returns whether other machines reach it. A host name that is unknown here may be any address. */
    public boolean beyondLoopback() {
        if (address == null || address.isBlank() || address.equals("*")) {
            return true;
        }
        try {
            return !InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return true;
        }
    }

    /** Returns whether strangers reach it, or can read what passes there. */
    boolean open() {
        return beyondLoopback() && !(tls.present && callers.present);
    }

    /** Returns what is open and which settings close it. */
    String describe() {
        List<String> lacking = new ArrayList<>();
        for (Guard guard : List.of(tls, callers)) {
            if (!guard.present) {
                lacking.add(guard.lacking + " (" + guard.setting + ")");
            }
        }
        String bound = address == null || address.isBlank() ? "*" : address;
        return name + " on " + bound + ":" + port + " " + String.join(" and ", lacking);
    }
}
