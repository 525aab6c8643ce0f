package io.middleware.gateway.recorder;

import java.util.List;

/**
 * The gateways whose part is missing.
 *
 * @param silent   did not respond
 * @param withheld let nobody look without credentials, and were not sent those of the asker
 */
record Missing(List<String> silent, List<String> withheld) {
    static final Missing NONE = new Missing(List.of(), List.of());

    /** Takes lists that another version may leave out. */
    Missing {
        silent = silent == null ? List.of() : List.copyOf(silent);
        withheld = withheld == null ? List.of() : List.copyOf(withheld);
    }

    /** Adds a line for each. */
    void appendTo(StringBuilder text, Words words) {
        silent.forEach(gateway -> text.append(words.text("silent", gateway)).append('\n'));
        withheld.forEach(gateway -> text.append(words.text("withheld", gateway)).append('\n'));
    }

    /** Returns the same for an error of which there is one language; empty if none is missing. */
    String asRemark() {
        return remark("; no response of ", silent)
                + remark(
                        "; not sent the caller's credentials, as there is neither TLS nor middleware.gateway.peers.trusted: ",
                        withheld);
    }

    private static String remark(String what, List<String> gateways) {
        return gateways.isEmpty() ? "" : what + String.join(", ", gateways);
    }
}
