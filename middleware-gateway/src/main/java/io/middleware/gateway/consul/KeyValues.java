package io.middleware.gateway.consul;

import java.util.Map;

/** Consul's store of keys and values. */
public interface KeyValues {
    /**
     * Begins to follow all entries below a prefix that ends with a slash. An entry whose key is the prefix itself must be among them:
     * without it nobody could tell a store that is empty from one that has lost its data, or may not be read.
     */
    Following follow(String prefix, Listener listener);

    /** What goes on until it is closed. */
    interface Following extends AutoCloseable {
        @Override
        void close();
    }

    /** Gets what is read. Called on one thread. */
    interface Listener {
        /** Called with all entries when they have changed: the values by their keys without the prefix. */
        void onEntries(Map<String, String> entries);

        /** Called when the entries were read, and after a problem are known to be as before. */
        void onRead();

        /** Called when they cannot be read, or cannot be believed; {@code why}: for a person. */
        void onProblem(String why);
    }
}
